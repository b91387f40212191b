import { readFileSync } from 'node:fs'
import { contentHash } from '../../core/evidence/hash'
import type { Json } from '../../core/json'
import type { Policy } from '../../core/policy'
import { setting, type AwsEnvironment } from './environment'

/**
 * The policy of the environment, from its layer. Its hash is the proof that it is the one that was parsed and judged at
 * synthesis, so it is not parsed again. Throws where the hash differs: half a deployment must not act.
 */
export function readPolicy(environment: AwsEnvironment): Policy {
  const policy = JSON.parse(readFileSync(setting(environment, 'policyPath'), 'utf8')) as Json
  const expected = setting(environment, 'policyHash')
  const actual = contentHash(policy)
  if (actual !== expected) {
    throw new Error(
      `the policy layer has the hash ${actual}, expected ${expected}; deploy layer and functions together`,
    )
  }
  return policy as unknown as Policy
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/**
 * The context of cdk.json. The CDK reads it only when its CLI starts the app; loaded here, tests and benchmarks check the
 * same templates that the CLI deploys.
 */
export function featureFlags(): Record<string, unknown> {
  const text = readFileSync(join(__dirname, '..', 'cdk.json'), 'utf8')
  return CDK_JSON.parse(JSON.parse(text)).context
}

const CDK_JSON = z.looseObject({ context: z.record(z.string(), z.unknown()) })

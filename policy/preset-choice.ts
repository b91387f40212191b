import { z } from 'zod'
import { PolicyError, withRecoveryRegion, type Policy } from '../core/policy'
import { parseShape } from '../core/policy/parse'
import { signedClauses } from '../core/policy/schema/protection'
import { regionLossException } from '../core/policy/schema/topology'
import { keyArn } from '../core/policy/schema/values'
import { brazilOnly, usEast2 } from './presets'

const historyKey = keyArn('database key of us-east-2 in the account of the environment').optional()

/** Which recovery region of docs/adr/001 an operator chose, with what only they can know. One for all environments. */
const presetChoice = z.discriminatedUnion(
  'preset',
  [
    z.strictObject({ preset: z.literal('eu-west-1') }),
    z.strictObject({
      preset: z.literal('us-east-2'),
      clauses: signedClauses,
      historyKmsKeyArns: z.strictObject({ production: historyKey, staging: historyKey, test: historyKey }),
    }),
    z.strictObject({ preset: z.literal('brazil-only'), regionLossException }),
  ],
  { error: "one of 'eu-west-1', 'us-east-2', 'brazil-only'" },
)

export type PresetChoice = z.infer<typeof presetChoice>

/** Throws PolicyError with every problem of the choice at once. */
export const parsePresetChoice = (input: unknown): PresetChoice =>
  parseShape(presetChoice, input, 'see docs/adr/001 for what a preset has to say')

/** The policy with the chosen recovery region. Throws PolicyError where the choice says nothing of its environment. */
export function choosePreset(base: Policy, choice: PresetChoice): Policy {
  switch (choice.preset) {
    case 'eu-west-1':
      return base
    case 'us-east-2':
      return usEast2(withRecoveryRegion(base), {
        clauses: choice.clauses,
        historyKmsKeyArn: historyKeyOf(choice, base.environment),
      })
    case 'brazil-only':
      return brazilOnly(withRecoveryRegion(base), choice.regionLossException)
  }
}

function historyKeyOf(
  { historyKmsKeyArns }: Extract<PresetChoice, { preset: 'us-east-2' }>,
  environment: Policy['environment'],
): string {
  const arn = historyKmsKeyArns[environment]
  if (arn) return arn
  throw new PolicyError([
    {
      path: `historyKmsKeyArns.${environment}`,
      problem: `the preset names no key for ${environment}`,
      fix: `write the ARN of the database key that ${environment} has in us-east-2`,
      rule: 'preset',
    },
  ])
}

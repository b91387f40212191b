import { withRecoveryRegion, type Policy } from '../../core/policy'
import { resolvePolicy } from '../../policy'
import { brazilOnly, usEast2 } from '../../policy/presets'

/** Every preset over an environment, with values that only an operator can know made up here. */
export function presetsOf(environment: Policy['environment']): Readonly<Record<Policy['topology']['preset'], Policy>> {
  const base = withRecoveryRegion(resolvePolicy(environment))
  return {
    'eu-west-1': base,
    'us-east-2': usEast2(base, {
      clauses: { reference: 'EXAMPLE-0001', signedOn: '2026-10-01' },
      historyKmsKeyArn: `arn:aws:kms:us-east-2:${base.topology.accountId}:key/00000000-0000-0000-0000-000000000000`,
    }),
    'brazil-only': brazilOnly(base, {
      reason: 'the clinic accepts no transfer of health data out of the country',
      acceptedBy: 'Healthcare Director',
      reviewBy: '2027-06-30',
    }),
  }
}

export const PRESETS = presetsOf('production')

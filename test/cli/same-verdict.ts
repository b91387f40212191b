import { dailyVerification } from '../../adapters/aws/daily-verification'
import type { Policy } from '../../core/policy'
import { expectationsOf, type DataRole } from '../../core/verification/daily/expectations'
import * as form from '../../lambda/daily-verification/contract'
import { invocation } from '../../lambda/invocation'
import { fillAws } from '../adapters/aws/aws-estate'
import type { FakeAws } from '../adapters/aws/fake-aws'
import type { Estate } from '../core/verification/daily/estate'

/** What the checks of one region said, from whatever ran them. */
export interface Region {
  readonly region: string
  readonly verdict: string
  readonly checks: readonly {
    readonly check: string
    readonly verdict: string
    readonly looked: number
    readonly findings: readonly { readonly code: string; readonly subject: string; readonly remedy?: string }[]
    readonly unseen: readonly string[]
  }[]
}

/** What the command says. */
export interface Said {
  readonly verdict: string
  readonly regions: readonly Region[]
}

/** What decides: which check said what of what. In which words a service refuses is its own. */
export const essence = ({ checks, verdict }: Region) => ({
  verdict,
  checks: checks.map(({ check, verdict: of, looked, findings, unseen }) => [
    check,
    of,
    looked,
    findings.map(({ code, subject }) => `${code} ${subject}`),
    unseen.length,
  ]),
})

/** As EventBridge Scheduler calls the function: its target has no input of its own. */
const SCHEDULED = {}

/** What the function of a region says of the same estate in AWS, over the bundled environment that is given. */
export async function inLambda(
  aws: FakeAws,
  variables: Record<string, string>,
  policy: Policy,
  role: DataRole,
  estate: Estate,
): Promise<Region> {
  Object.assign(process.env, variables, { AWS_REGION: expectationsOf(policy, role).region })
  await fillAws(aws, policy, role, estate, (at) => jest.setSystemTime(at))
  const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  const said = (await invocation(form, dailyVerification(process.env))(SCHEDULED)) as Region
  written.mockRestore()
  return said
}

import { LambdaClient } from '@aws-sdk/client-lambda'
import { STSClient } from '@aws-sdk/client-sts'
import { actorOf } from '../../core/access/caller'
import type { DeskWorld } from '../../core/access/desk'
import type { Policy } from '../../core/policy'
import { functionName, humanRoleName } from '../../core/policy/names'
import { withRecoveryRegion } from '../../core/policy/two-regions'
import { systemClock } from '../local/clock'
import { clientSettings } from './client-settings'
import { coordinationStores } from './coordination-stores'
import type { AwsEnvironment } from './environment'
import { ownEvidence } from './own-evidence'
import { LambdaConfigurationRestores } from './lambda-configuration-restores'
import { lambdaDeployments } from './lambda-deployments'
import { LambdaPreviews } from './lambda-previews'
import { runsOf } from './operations-world'
import { ownWorld } from './own-world'
import { StsElevatedSessions } from './sts-elevated-sessions'

/** The world of the function at the desk; `enter` gives it for one caller, by the ARN that Lambda has verified. */
export function deskOf(environment: AwsEnvironment): (callerArn: string) => DeskWorld {
  const own = ownWorld(environment)
  const { policy, region } = own
  const arnOf = (role: string) => `arn:aws:iam::${policy.topology.accountId}:role/${humanRoleName(policy, role)}`
  const shared = {
    policy,
    places: coordinationStores(environment),
    evidence: ownEvidence(environment, own, 'desk'),
    clock: systemClock,
    ...runsOf(environment),
    configuration: configurationOf(policy),
    ...deployedIn(policy),
    previews: new LambdaPreviews(
      new LambdaClient(clientSettings(region, { attempts: 1, answerMs: PREVIEW_MS })),
      (privilege) => functionName(policy, `runbook-${privilege}`),
      PREVIEW_MS,
    ),
    sessions: new StsElevatedSessions(new STSClient(clientSettings(region)), arnOf),
  }
  return (callerArn) => ({ ...shared, actor: actorOf(callerArn, policy) })
}

/** Longest look ahead of one step, so that those of one function, one after the other, end within a call to the desk. */
const PREVIEW_MS = 6_000

/** Room for what a restore reads and writes; the call to the desk itself ends after 30 seconds. */
const RESTORE_MS = 25_000

/** A question to every place of a kind, Vercel among them. */
const RELEASE_MS = 20_000

/** What is deployed where the platform writes. */
function deployedIn(policy: Policy): Pick<DeskWorld, 'deployments' | 'keeping'> {
  const { regions, active } = withRecoveryRegion(policy).topology
  const client = new LambdaClient(clientSettings(regions[active], { attempts: 1, answerMs: RELEASE_MS }))
  const deployments = lambdaDeployments(client, functionName(policy, 'release-reader'), RELEASE_MS)
  return { deployments, keeping: deployments }
}

function configurationOf(policy: Policy): LambdaConfigurationRestores {
  const { regions } = withRecoveryRegion(policy).topology
  const clientOf = (region: 'primary' | 'recovery') =>
    new LambdaClient(clientSettings(regions[region], { attempts: 1, answerMs: RESTORE_MS }))
  return new LambdaConfigurationRestores(clientOf, functionName(policy, 'configuration-restore'), RESTORE_MS)
}

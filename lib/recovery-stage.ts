import { DefaultStackSynthesizer, Stage, Tags } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { hasRecoveryRegion, type Policy } from '../core/policy'
import { access } from './composition/access'
import { archive, archiveTasks } from './composition/archive'
import { assets } from './composition/assets'
import { backups, copiesAccount, type StoredBucket } from './composition/backups'
import { configuration } from './composition/configuration'
import { databases, networkOf } from './composition/databases'
import { delayedReplica } from './composition/delayed-replica'
import { orderFirstDeployment } from './composition/deployment-order'
import { fileTransfer } from './composition/file-transfer'
import { coordination, foundation, type Foundation } from './composition/foundation'
import { globalCalls, governance, witnessGovernance } from './composition/governance'
import { operations } from './composition/operations'
import { Region } from './composition/region'
import { restoreTesting } from './composition/restore-testing'
import { besideDatabase, besideNothing, runbooks, witnessFunctions } from './composition/runbooks'
import { sourceCode } from './composition/source-code'
import { servedNames, switchAlarm } from './composition/traffic'
import { verification } from './composition/verification'
import type { FunctionCode } from './constructs/function-fleet'
import type { DataRegionRole } from './names'

/** https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html */
const BOOTSTRAP_QUALIFIER_CONTEXT = '@aws-cdk/core:bootstrapQualifier'

export interface RecoveryStageProps {
  readonly policy: Policy
  readonly code: FunctionCode
}

/**
 * Every stack of one environment out of one policy: in three regions, or in Brazil's one. No stack reads another region:
 * what two regions must both know is a chosen name (`Names`) or a policy value.
 */
export class RecoveryStage extends Stage {
  constructor(scope: Construct, id: string, { policy, code }: RecoveryStageProps) {
    super(scope, id)
    this.mustDeployAs(policy.topology.bootstrapQualifier)
    if (hasRecoveryRegion(policy)) {
      witness(new Region(this, 'witness', policy, code))
      recovery(new Region(this, 'recovery', policy, code))
      primary(new Region(this, 'primary', policy, code))
      switchAlarm(this, policy)
      globalCalls(this, policy)
      orderFirstDeployment(this, policy)
    } else onlyRegion(new Region(this, 'primary', policy, code))
    Tags.of(this).add('recovery:environment', policy.environment)
    Tags.of(this).add('recovery:application', policy.application)
  }

  /** Vaults and archives let the deploying role alone change them: by another name, no change could be deployed any more. */
  private mustDeployAs(wanted: string): void {
    const used: unknown =
      this.node.tryGetContext(BOOTSTRAP_QUALIFIER_CONTEXT) ?? DefaultStackSynthesizer.DEFAULT_QUALIFIER
    if (used !== wanted)
      throw new Error(
        `the app deploys with the bootstrap qualifier '${String(used)}', the policy says '${wanted}'; set topology.bootstrapQualifier and the context '${BOOTSTRAP_QUALIFIER_CONTEXT}' to the same`,
      )
  }
}

function witness(region: Region<'witness'>): void {
  const base = foundation(region)
  coordination(region, base)
  witnessFunctions(region, base)
  witnessGovernance(region)
}

function recovery(region: Region<'recovery'>): void {
  const base = foundation(region)
  coordination(region, base)
  dataRegion(region, base)
}

function primary(region: Region<'primary'>): void {
  dataRegion(region, foundation(region))
}

/** Nothing can be failed over to, so there is no epoch, no guard, no switch and no region failover. */
function onlyRegion(region: Region<'primary'>): void {
  const base = foundation(region)
  const { net } = protectedData(region, base)
  archiveTasks(region, base, besideNothing(region, base, net))
  access(region, base)
  governance(region, base)
  operations(region, base)
}

/** What both of two data regions hold: each can be failed over from or to. */
function dataRegion(region: Region<'primary'> | Region<'recovery'>, base: Foundation): void {
  const { net, instances } = protectedData(region, base)
  const beside = besideDatabase(region, base, net, instances)
  archiveTasks(region, base, beside)
  runbooks(region, base, beside)
  access(region, base)
  governance(region, base)
  operations(region, base)
}

/** The data of a region, what keeps and tries its copies, and the names it is reached by. */
function protectedData(region: Region<DataRegionRole>, base: Foundation) {
  const net = networkOf(region, base)
  const instances = databases(region, base, net)
  const [serving] = instances
  delayedReplica(region, base, net, instances)
  backups(region, base, { writer: serving, buckets: besideTheDatabase(region, base) })
  copiesAccount(region)
  restoreTesting(region, base, net)
  verification(region, base)
  servedNames(region, instances)
  return { net, instances }
}

/** What is kept of everything that is not in the database; the buckets of it that a plan of AWS Backup takes in. */
function besideTheDatabase(region: Region<DataRegionRole>, base: Foundation): readonly StoredBucket[] {
  archive(region, base)
  configuration(region, base)
  sourceCode(region, base)
  return [...assets(region, base), ...fileTransfer(region, base)]
}

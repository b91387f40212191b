import { Stage, Tags } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Policy } from '../core/policy'
import { assets } from './composition/assets'
import { backups } from './composition/backups'
import { databases, networkOf } from './composition/databases'

import { coordination, foundation } from './composition/foundation'
import { operations } from './composition/operations'
import { Region } from './composition/region'
import { besideDatabase, runbooks, witnessFunctions } from './composition/runbooks'
import { sourceCode } from './composition/source-code'
import { servedNames, switchAlarm } from './composition/traffic'
import type { FunctionCode } from './constructs/function-fleet'

export interface RecoveryStageProps {
  readonly policy: Policy
  readonly code: FunctionCode
}

/**
 * Every stack of one environment, in three regions, out of one policy. No stack reads another region: what two regions
 * must both know is a chosen name (`Names`) or a policy value.
 */
export class RecoveryStage extends Stage {
  constructor(scope: Construct, id: string, { policy, code }: RecoveryStageProps) {
    super(scope, id)
    witness(new Region(this, 'witness', policy, code))
    recovery(new Region(this, 'recovery', policy, code))
    primary(new Region(this, 'primary', policy, code))
    switchAlarm(this, policy)
    Tags.of(this).add('recovery:environment', policy.environment)
    Tags.of(this).add('recovery:application', policy.application)
  }
}

function witness(region: Region<'witness'>): void {
  const base = foundation(region)
  coordination(region, base)
  witnessFunctions(region, base)
}

function recovery(region: Region<'recovery'>): void {
  const base = foundation(region)
  coordination(region, base)
  dataRegion(region, base)
}

function primary(region: Region<'primary'>): void {
  dataRegion(region, foundation(region))
}

/** What both data regions hold. */
function dataRegion(region: Region<'primary'> | Region<'recovery'>, base: ReturnType<typeof foundation>): void {
  const net = networkOf(region, base)
  const [serving] = databases(region, base, net)
  backups(region, base, serving)
  assets(region, base)
  sourceCode(region, base)
  servedNames(region, serving)
  runbooks(region, base, besideDatabase(region, base, net, serving))
  operations(region, base)
}

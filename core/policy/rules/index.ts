import type { Policy } from '../schema'
import { accessRules } from './access'
import { applicationTierRules } from './application-tier'
import { archiveRules } from './archive'
import { assetRules } from './assets'
import { backupWindowRules } from './backup-windows'
import { calendarRules } from './calendar'
import { codeRules } from './code'
import { configurationRules } from './configuration'
import { dnsRules } from './dns'
import { delayedReplicaRules } from './delayed-replica'
import { fileTransferRules } from './file-transfer'
import { governanceRules } from './governance'
import { importRules } from './imports'
import { instanceRules } from './instances'
import { lockRules } from './locks'
import { longTermTierRules } from './long-term-tiers'
import { objectiveRules } from './objectives'
import { operationRules } from './operations'
import { paceRules } from './pace'
import { procedureRules } from './procedure'
import { regionRules } from './regions'
import { rehearsalRules } from './rehearsal'
import { releaseRules } from './releases'
import { restoreTestingRules } from './restore-testing'
import { retentionRules } from './retention'
import type { Finding } from './rule'
import { scheduleRules } from './schedule'
import { secondAccountRules } from './second-account'
import { storeRules } from './stores'
import { transferRules } from './transfers'

/** A rule as the registry knows it. */
export interface NamedRule {
  readonly id: string
  readonly promise: string
  /** Paths the rule reads: two or more make it a cross-field rule. */
  readonly reads: readonly string[]
  check(policy: Policy): readonly Finding[]
}

/** Every rule a policy has to keep, beyond its shape. */
export const RULES: readonly NamedRule[] = [
  regionRules,
  instanceRules,
  delayedReplicaRules,
  importRules,
  transferRules,
  scheduleRules,
  backupWindowRules,
  longTermTierRules,
  restoreTestingRules,
  retentionRules,
  lockRules,
  secondAccountRules,
  paceRules,
  rehearsalRules,
  objectiveRules,
  procedureRules,
  accessRules,
  storeRules,
  archiveRules,
  assetRules,
  codeRules,
  configurationRules,
  operationRules,
  governanceRules,
  dnsRules,
  applicationTierRules,
  releaseRules,
  fileTransferRules,
  calendarRules,
].flatMap((rules) =>
  Object.entries(rules).map(([id, rule]) => ({ id, promise: rule.promise, reads: rule.reads, check: rule })),
)

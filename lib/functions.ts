import { hasRecoveryRegion, type Policy } from '../core/policy'
import type { FunctionContract } from '../lambda/contract'
import { contract as accessReview } from '../lambda/access-review/contract'
import { contract as activityDue } from '../lambda/activity-due/contract'
import { contract as archiveDisposal } from '../lambda/archive-disposal/contract'
import { contract as calendarWatch } from '../lambda/calendar-watch/contract'
import { contract as archiveExport } from '../lambda/archive-export/contract'
import { contract as changeWatch } from '../lambda/change-watch/contract'
import { contract as codeCheck } from '../lambda/code-check/contract'
import { contract as complianceValidation } from '../lambda/compliance-validation/contract'
import { contract as configurationBackup } from '../lambda/configuration-backup/contract'
import { contract as configurationCopy } from '../lambda/configuration-copy/contract'
import { contract as configurationRestore } from '../lambda/configuration-restore/contract'
import { contract as contentReader } from '../lambda/content-reader/contract'
import { contract as containment } from '../lambda/containment/contract'
import { contract as coordinationReader } from '../lambda/coordination-reader/contract'
import { contract as dailyVerification } from '../lambda/daily-verification/contract'
import { contract as desk } from '../lambda/desk/contract'
import { contract as escalate } from '../lambda/escalate/contract'
import { contract as fence } from '../lambda/fence/contract'
import { contract as guard } from '../lambda/guard/contract'
import { contract as healthCheck } from '../lambda/health-check/contract'
import { contract as healthDatabase } from '../lambda/health-database/contract'
import { contract as healthWatch } from '../lambda/health-watch/contract'
import { contract as incidentIntake } from '../lambda/incident-intake/contract'
import { contract as journalRelay } from '../lambda/journal-relay/contract'
import { contract as momentReader } from '../lambda/moment-reader/contract'
import { contract as passwordPolicy } from '../lambda/password-policy/contract'
import { contract as probe } from '../lambda/probe/contract'
import { contract as readiness } from '../lambda/readiness/contract'
import { contract as readinessDatabase } from '../lambda/readiness-database/contract'
import { contract as releaseReader } from '../lambda/release-reader/contract'
import { contract as replicaComparison } from '../lambda/replica-comparison/contract'
import { contract as replicaObserver } from '../lambda/replica-observer/contract'
import { contract as restoreValidator } from '../lambda/restore-validator/contract'
import { contract as runbookApplication } from '../lambda/runbook-application/contract'
import { contract as runbookAudit } from '../lambda/runbook-audit/contract'
import { contract as runbookContain } from '../lambda/runbook-contain/contract'
import { contract as runbookDatabase } from '../lambda/runbook-database/contract'
import { contract as runbookDeploy } from '../lambda/runbook-deploy/contract'
import { contract as runbookFence } from '../lambda/runbook-fence/contract'
import { contract as runbookHarden } from '../lambda/runbook-harden/contract'
import { contract as runbookObserve } from '../lambda/runbook-observe/contract'
import { contract as runbookPreserve } from '../lambda/runbook-preserve/contract'
import { contract as runbookPromote } from '../lambda/runbook-promote/contract'
import { contract as runbookRemedy } from '../lambda/runbook-remedy/contract'
import { contract as runbookRemoveCopies } from '../lambda/runbook-remove-copies/contract'
import { contract as runbookReport } from '../lambda/runbook-report/contract'
import { contract as runbookRestore } from '../lambda/runbook-restore/contract'
import { contract as runbookRotate } from '../lambda/runbook-rotate/contract'
import { contract as runbookSwitchTraffic } from '../lambda/runbook-switch-traffic/contract'

/** Stacks whose functions rest on the coordination tables, which a topology of one region does not have. */
const OVER_TWO_REGIONS: readonly string[] = ['access', 'archive-disposal', 'operations', 'runbooks']

/** The functions that a policy's topology deploys, by stack. */
export const functionsOf = (policy: Policy): readonly (readonly [kind: string, readonly FunctionContract[]])[] =>
  Object.entries(FUNCTIONS)
    .filter(
      ([kind]) =>
        (hasRecoveryRegion(policy) || !OVER_TWO_REGIONS.includes(kind)) &&
        (policy.restoreTesting.mode === 'scheduled' || kind !== 'restore-testing'),
    )
    .map(([kind, contracts]) => [
      kind,
      kind === 'configuration'
        ? configurationFunctions(policy)
        : kind === 'verification'
          ? verificationFunctions(policy)
          : contracts,
    ])

/** Without a desk nobody could ask for a restore. */
export const configurationFunctions = (policy: Policy): readonly FunctionContract[] =>
  FUNCTIONS.configuration.filter((contract) => hasRecoveryRegion(policy) || contract !== configurationRestore)

/**
 * A replica is compared where the policy has one. Once another database than its source writes there is nothing to compare, and
 * the function says so: a swap of the active region takes nothing away.
 */
export const verificationFunctions = (policy: Policy): readonly FunctionContract[] =>
  FUNCTIONS.verification.filter((contract) => contract !== replicaComparison || isReplicaCompared(policy))

export const isReplicaCompared = (policy: Policy): boolean =>
  hasRecoveryRegion(policy) && policy.mechanisms.replica.mode === 'cross-region'

/** Every function, by the stack that deploys it. A test compares the names with the folders under lambda/. */
export const FUNCTIONS = {
  access: [desk, passwordPolicy],
  'archive-disposal': [archiveDisposal],
  'archive-export': [archiveExport],
  code: [codeCheck],
  operations: [accessReview, activityDue, calendarWatch, escalate, healthCheck, healthWatch, incidentIntake],
  'restore-testing': [restoreValidator],
  verification: [complianceValidation, dailyVerification, replicaComparison],
  configuration: [configurationBackup, configurationCopy, configurationRestore],
  runbooks: [
    changeWatch,
    containment,
    contentReader,
    coordinationReader,
    fence,
    guard,
    healthDatabase,
    journalRelay,
    momentReader,
    probe,
    readiness,
    readinessDatabase,
    releaseReader,
    replicaObserver,
    runbookApplication,
    runbookAudit,
    runbookContain,
    runbookDatabase,
    runbookDeploy,
    runbookFence,
    runbookHarden,
    runbookObserve,
    runbookPreserve,
    runbookPromote,
    runbookRemedy,
    runbookRemoveCopies,
    runbookReport,
    runbookRestore,
    runbookRotate,
    runbookSwitchTraffic,
  ],
} satisfies Readonly<Record<string, readonly FunctionContract[]>>

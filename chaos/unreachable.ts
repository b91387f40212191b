import { SCENARIOS } from './scenarios'

/** Where alone some kinds of faults can be met. Every other cell of theirs is expected to stay empty. */
interface Reach {
  readonly kinds: readonly string[]
  /** Steps, or a runbook and its step. @default any */
  readonly onlyAt?: readonly string[]
  /** Runbooks in which they mean nothing. @default none */
  readonly notIn?: readonly string[]
  readonly because: string
}

/** The step of that name in every runbook that judges the data of a database; an account is validated otherwise. */
const DATA_VALIDATED = [
  'region-failover',
  'zone-failover',
  'failback',
  'point-in-time-recovery',
  'isolate-and-recover',
  'rollback',
].map((runbook) => `${runbook} validate`)

export const REACHES: readonly Reach[] = [
  {
    kinds: ['partial-result'],
    onlyAt: [
      'region-failover decide',
      'zone-failover decide',
      'replay-ledger',
      'list-later-writes',
      'update-procedure',
    ],
    because: 'only these read a list: of signals, of erasures, of rows, of revisions',
  },
  {
    kinds: ['disk-full'],
    onlyAt: ['prove', 'position', 'replay-ledger', 'open'],
    because: 'only these write into a database',
  },
  {
    kinds: ['disk-slow', 'database-denied'],
    onlyAt: [
      'close-behind',
      'confirm',
      'catch-up',
      'prove',
      'position',
      ...DATA_VALIDATED,
      'replay-ledger',
      'open',
      'examine',
    ],
    because: 'only these ask a database',
  },
  { kinds: ['fence-not-proven'], onlyAt: ['fence'], because: 'only this step fences' },
  { kinds: ['stale-names'], onlyAt: ['switch-traffic'], because: 'only this step resolves the served name' },
  {
    kinds: ['health-flapping', 'health-false-alarm', 'health-unknown'],
    onlyAt: ['region-failover decide', 'zone-failover decide'],
    because: 'only this step asks the observers',
  },
  {
    kinds: ['approval-late', 'approval-by-requester', 'approval-by-one', 'approval-declined', 'approval-missing'],
    onlyAt: [
      'decide',
      'region-failover fence',
      'point-in-time-recovery fence',
      'isolate-and-recover fence',
      ...DATA_VALIDATED,
      'find-clean-point',
      'isolate-and-recover validate-compliance',
      'approve',
    ],
    because: 'only these ask people',
  },
  {
    kinds: ['data-invalid', 'data-unjudged'],
    onlyAt: [...DATA_VALIDATED, 'examine'],
    because: 'only this step judges the data',
  },
  { kinds: ['application-unwell'], onlyAt: ['serve'], because: 'only this step waits for the application' },
  { kinds: ['restore-never-ends'], onlyAt: ['restore-beside'], because: 'only this step restores' },
  {
    kinds: ['forensics-slow'],
    onlyAt: ['preserve', 'confirm-preserved'],
    because: 'only these ask for a forensic copy',
  },
  { kinds: ['path-stays-open'], onlyAt: ['isolate'], because: 'only this step cuts paths' },
  { kinds: ['secret-survives'], onlyAt: ['rotate'], because: 'only this step makes new secrets' },
  { kinds: ['measure-refused'], onlyAt: ['harden'], because: 'only this step applies measures' },
  { kinds: ['attacker-left-something'], onlyAt: ['scan'], because: 'only this step looks for it' },
  { kinds: ['account-copy-slow'], onlyAt: ['remedy'], because: 'only this step has snapshots copied' },
  {
    kinds: ['account-tampered-with'],
    notIn: SCENARIOS.map(({ runbook }) => runbook.name).filter((name) => name !== 'compliance-remediation'),
    because: 'nothing else looks at the account',
  },
  {
    kinds: ['deployment-slow'],
    onlyAt: ['put-back', 'undo:put-back'],
    because: 'only these put versions in force',
  },
  {
    kinds: ['old-release-unwell'],
    onlyAt: ['put-back', 'verify', 'record-release', 'monitor'],
    because: 'only these ask whether something serves',
  },
  {
    kinds: ['deployed-by-others', 'lease-taken'],
    notIn: SCENARIOS.map(({ runbook }) => runbook.name).filter((name) => name !== 'rollback'),
    because: 'nothing else changes what is deployed',
  },
  {
    kinds: [
      'primary-dies',
      'primary-hangs',
      'primary-cut-off',
      'primary-clock-off',
      'guard-dies',
      'guard-hangs',
      'guard-blind',
      'guard-clock-slow',
      'replica-behind',
      'replication-cut',
    ],
    notIn: ['compliance-remediation'],
    because: 'no database takes part in it',
  },
  {
    kinds: ['permission-missing'],
    onlyAt: [
      'decide',
      'undo:claim-epoch',
      'undo:switch-traffic',
      'fail-over',
      'restore-beside',
      'list-later-writes',
      'close-behind',
      'compare-secrets',
      'fence',
      'confirm',
      'catch-up',
      'promote',
      'prove',
      'switch-traffic',
      'validate',
      'replay-ledger',
      'bring-up',
      'open',
      'promote-secrets',
      'serve',
      'report',
      'isolate',
      'revoke',
      'preserve',
      'find-clean-point',
      'rotate',
      'harden',
      'scan',
      'confirm-preserved',
      'choose',
      'examine',
      'remove',
      'identify',
      'remedy',
      'assess',
      'lease',
      'position',
      'put-back',
      'undo:put-back',
      'verify',
      'list-set-aside',
      'record-release',
      'monitor',
      'rollback validate-compliance',
    ],
    because:
      'all others use the places of coordination alone, which the engine itself needs, or what earlier steps have said',
  },
]

/** Whether a kind of fault can be met where a run stands. */
export const isReachable = (kind: string, runbook: string, cursor: string): boolean =>
  REACHES.every(
    ({ kinds, onlyAt, notIn }) =>
      !kinds.includes(kind) ||
      ((!onlyAt || onlyAt.includes(cursor) || onlyAt.includes(`${runbook} ${cursor}`)) && !notIn?.includes(runbook)),
  )

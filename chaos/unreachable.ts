/** Where alone some kinds of faults can be met. Every other cell of theirs is expected to stay empty. */
interface Reach {
  readonly kinds: readonly string[]
  /** Steps, or a runbook and its step. */
  readonly onlyAt: readonly string[]
  readonly because: string
}

export const REACHES: readonly Reach[] = [
  {
    kinds: ['partial-result'],
    onlyAt: ['region-failover decide', 'zone-failover decide', 'replay-ledger', 'list-later-writes'],
    because: 'only these read a list: of signals, of erasures, of rows',
  },
  {
    kinds: ['disk-full'],
    onlyAt: ['prove', 'replay-ledger', 'open'],
    because: 'only these write into a database',
  },
  {
    kinds: ['disk-slow', 'database-denied'],
    onlyAt: ['close-behind', 'confirm', 'catch-up', 'prove', 'validate', 'replay-ledger', 'open'],
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
    onlyAt: ['decide', 'region-failover fence', 'point-in-time-recovery fence', 'validate'],
    because: 'only these ask people',
  },
  { kinds: ['data-invalid', 'data-unjudged'], onlyAt: ['validate'], because: 'only this step judges the data' },
  { kinds: ['application-unwell'], onlyAt: ['serve'], because: 'only this step waits for the application' },
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
      'serve',
      'report',
    ],
    because: 'claiming and settling the epoch use the places of coordination alone, which the engine itself needs',
  },
]

/** Whether a kind of fault can be met where a run stands. */
export const isReachable = (kind: string, runbook: string, cursor: string): boolean =>
  REACHES.every(
    ({ kinds, onlyAt }) => !kinds.includes(kind) || onlyAt.includes(cursor) || onlyAt.includes(`${runbook} ${cursor}`),
  )

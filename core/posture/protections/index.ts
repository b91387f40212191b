import { BACKUPS } from './backups'
import { BUCKETS } from './buckets'
import { DATABASE } from './database'
import { KEYS } from './keys'
import { REACH } from './reach'
import type { ProtectionRow } from './row'
import { WATCH } from './watch'

export type { Order, ProtectionRow, Term } from './row'

/** Every protective property that the ratchet holds. Removing a resource of one of these types weakens by itself. */
export const PROTECTIONS: readonly ProtectionRow[] = [...DATABASE, ...BACKUPS, ...BUCKETS, ...KEYS, ...REACH, ...WATCH]

/** Promises of the policy itself, by their path in it. */
export const PROMISES: readonly Omit<ProtectionRow, 'type'>[] = [
  { path: 'objectives.rpo.*', term: 'objective', order: 'no-more', words: 'data that may be lost' },
  { path: 'objectives.rto.*', term: 'objective', order: 'no-more', words: 'time without service' },
  { path: 'dataClasses.*.retentionYears', term: 'retention', order: 'no-less', words: 'years that data is kept' },
  { path: 'evidence.lock.mode', term: 'lock', order: 'unchanged', words: 'lock of the evidence' },
  {
    path: 'readiness.prepareEveryMinutes',
    term: 'test frequency',
    order: 'no-more',
    words: 'minutes between preparations',
  },
  { path: 'code.oldestCopyHours', term: 'copy', order: 'no-more', words: 'age of the newest copy of the code' },
]

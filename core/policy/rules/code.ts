import { IRREVERSIBLE } from './backup'
import { when, type Rule } from './rule'

export const codeRules: readonly Rule[] = [
  {
    id: 'codeCopiesOutpaceTheirAlarm',
    promise: 'the alarm of stale code rings for a push that did not happen, not between two that did',
    reads: ['code.oldestCopyHours', 'code.pushEveryHours'],
    check: ({ code }) =>
      when(
        code.oldestCopyHours <= code.pushEveryHours,
        'code.oldestCopyHours',
        `is ${code.oldestCopyHours}, copies come every ${code.pushEveryHours}`,
        'raise it above the pace of the copies',
      ),
  },
  {
    id: 'codeIsCheckedOftenEnough',
    promise: 'stale code is noticed soon after it is stale',
    reads: ['code.checkEveryMinutes', 'code.oldestCopyHours'],
    check: ({ code }) =>
      when(
        code.checkEveryMinutes > (code.oldestCopyHours * 60) / 4,
        'code.checkEveryMinutes',
        `is ${code.checkEveryMinutes}, more than a quarter of the allowed age`,
        `use at most ${(code.oldestCopyHours * 60) / 4}`,
      ),
  },
  {
    id: 'codeLockIsAcknowledged',
    promise: 'copies of code are locked for good only where somebody wrote so',
    reads: ['code.lock'],
    check: ({ code: { lock } }) =>
      when(
        lock.mode === 'compliance' && lock.irreversibleAcknowledgement !== IRREVERSIBLE,
        'code.lock.irreversibleAcknowledgement',
        'does not accept what cannot be undone',
        `write exactly '${IRREVERSIBLE}'`,
      ),
  },
]

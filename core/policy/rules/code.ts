import { rule, when, type Rules } from './rule'

const codeCopiesOutpaceTheirAlarm = rule(
  'the alarm of stale code rings for a push that did not happen, not between two that did',
  ['code.oldestCopyHours', 'code.pushEveryHours'],
  ({ code: { oldestCopyHours, pushEveryHours } }) =>
    when(
      oldestCopyHours <= pushEveryHours,
      'code.oldestCopyHours',
      `is ${oldestCopyHours}, copies come every ${pushEveryHours}`,
      'raise it above the pace of the copies',
    ),
)

const codeIsCheckedOftenEnough = rule(
  'stale code is noticed soon after it is stale',
  ['code.checkEveryMinutes', 'code.oldestCopyHours'],
  ({ code: { checkEveryMinutes, oldestCopyHours } }) =>
    when(
      checkEveryMinutes > (oldestCopyHours * 60) / 4,
      'code.checkEveryMinutes',
      `is ${checkEveryMinutes}, more than a quarter of the allowed age`,
      `use at most ${(oldestCopyHours * 60) / 4}`,
    ),
)

export const codeRules: Rules = { codeCopiesOutpaceTheirAlarm, codeIsCheckedOftenEnough }

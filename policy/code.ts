import type { Policy } from '../core/policy'

/** How copies of the source code are kept. */
export const code: Policy['code'] = {
  lock: { mode: 'governance' },
  pushEveryHours: 24,
  oldestCopyHours: 36,
  checkEveryMinutes: 60,
}

import type { Policy } from '../core/policy'

/** How copies of the source code are kept. */
export const code: Policy['code'] = {
  lock: { mode: 'governance' },
  pushEveryHours: 24,
  oldestCopyHours: 36,
  checkEveryMinutes: 60,
  publisher: {
    mode: 'none',
    reason:
      'whoever owns a repository name could take the role, so that it is named only once it is ours; until then a role of CI is given the code-publisher policies',
  },
}

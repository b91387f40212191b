import type { Policy } from '../core/policy'

/** How configuration is kept. Within which time is said in `mechanisms.configurationCopySeconds`. */
export const configuration: Policy['configuration'] = {
  lock: { mode: 'governance' },
  secrets: ['application'],
  copyRetrySeconds: 5,
  backupEveryMinutes: 6 * 60,
}

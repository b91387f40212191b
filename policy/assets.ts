import type { Policy } from '../core/policy'

/** How static assets are kept. */
export const assets: Policy['assets'] = {
  replication: 'to-recovery',
  replicationAlarmMinutes: 30,
}

import type { Policy } from '../core/policy'

/** How an attack on the data is noticed and answered. Ours, where the procedure names no number. */
export const incidentResponse: Policy['incidentResponse'] = {
  // An hour of an attacker inside costs more than minutes of an outage; to go back in time is for people to decide.
  containment: 'automatic',
  // The clinic's application deletes nothing by itself, and a person changes tens of rows in a minute. A twentieth of a large
  // table is what a yearly disposal comes to, and that is ordered and announced.
  // A session reports its counts at most once a second, and not before its transaction ends: a quiet look may be one too many.
  deletionRate: { intervalSeconds: 60, rows: 500, sharePercent: 5, lookBackSeconds: 10 },
  timeouts: { containSeconds: 300, preserveSeconds: 3600, rotateSeconds: 600, hardenSeconds: 300 },
  // A copy of 100 GB takes minutes, and each look is a transition of the state machine.
  pollEverySeconds: 15,
  hardening: ['public-creates-nothing', 'superusers-cannot-log-in', 'passwords-are-scram', 'host-access-by-tls-only'],
  // Resolution CD/ANPD 15/2024.
  breachNoticeBusinessDays: 3,
}

import type { Policy } from '../core/policy'

/** Every flow of data between regions, and by which mechanism of the LGPD it may take place. */
export const transfers: Policy['transfers'] = [
  {
    flow: 'database-replica',
    from: 'sa-east-1',
    to: 'eu-west-1',
    personalData: true,
    mechanism: { kind: 'adequacy', decision: 'Resolution CD/ANPD 32/2026', since: '2026-01-26' },
  },
  {
    flow: 'backup-copies',
    from: 'sa-east-1',
    to: 'eu-west-1',
    personalData: true,
    mechanism: { kind: 'adequacy', decision: 'Resolution CD/ANPD 32/2026', since: '2026-01-26' },
  },
  {
    flow: 'evidence',
    from: 'sa-east-1',
    to: 'eu-west-1',
    personalData: false,
    mechanism: { kind: 'no-personal-data', reason: 'evidence holds ids, counts, codes, durations and hashes only' },
  },
  {
    flow: 'evidence',
    from: 'eu-west-1',
    to: 'eu-central-1',
    personalData: false,
    mechanism: { kind: 'no-personal-data', reason: 'evidence holds ids, counts, codes, durations and hashes only' },
  },
  ...[
    { from: 'sa-east-1', to: 'eu-west-1' },
    { from: 'sa-east-1', to: 'eu-central-1' },
    { from: 'eu-west-1', to: 'eu-central-1' },
    { from: 'eu-west-1', to: 'sa-east-1' },
    { from: 'eu-central-1', to: 'sa-east-1' },
    { from: 'eu-central-1', to: 'eu-west-1' },
  ].map((way) => ({
    ...way,
    flow: 'coordination' as const,
    personalData: false,
    mechanism: {
      kind: 'no-personal-data' as const,
      reason: 'coordination holds epochs, approvals and pseudonymous ledger keys only',
    },
  })),
  {
    flow: 'assets',
    from: 'sa-east-1',
    to: 'eu-west-1',
    personalData: false,
    mechanism: { kind: 'no-personal-data', reason: 'static assets are what the application publishes to everybody' },
  },
  {
    flow: 'configuration',
    from: 'sa-east-1',
    to: 'eu-west-1',
    personalData: false,
    mechanism: {
      kind: 'no-personal-data',
      reason: 'settings and credentials of the application, never patient data',
    },
  },
  {
    flow: 'configuration',
    from: 'eu-west-1',
    to: 'sa-east-1',
    personalData: false,
    mechanism: {
      kind: 'no-personal-data',
      reason: 'settings and credentials of the application, never patient data',
    },
  },
  {
    flow: 'archive',
    from: 'sa-east-1',
    to: 'eu-west-1',
    personalData: true,
    mechanism: { kind: 'adequacy', decision: 'Resolution CD/ANPD 32/2026', since: '2026-01-26' },
  },
  {
    flow: 'code',
    from: 'sa-east-1',
    to: 'eu-west-1',
    personalData: false,
    mechanism: { kind: 'no-personal-data', reason: 'source code, written by us; patient data never enters it' },
  },
  // The trail names people and their addresses: staff, never patients.
  ...['sa-east-1', 'eu-central-1', 'us-east-1'].map((from) => ({
    flow: 'audit-trail' as const,
    from,
    to: 'eu-west-1',
    personalData: true,
    mechanism: { kind: 'adequacy' as const, decision: 'Resolution CD/ANPD 32/2026', since: '2026-01-26' },
  })),
  // Events of calls name who called: staff, never patients.
  ...['eu-central-1', 'us-east-1'].map((from) => ({
    flow: 'event-notifications' as const,
    from,
    to: 'eu-west-1',
    personalData: true,
    mechanism: { kind: 'adequacy' as const, decision: 'Resolution CD/ANPD 32/2026', since: '2026-01-26' },
  })),
  {
    flow: 'backup-copies',
    from: 'eu-west-1',
    to: 'sa-east-1',
    personalData: true,
    mechanism: {
      kind: 'comes-home',
      reason:
        'after a failover the backups of the recovery region are copied back to Brazil, where the data comes from',
    },
  },
]

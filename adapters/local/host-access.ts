/** Host access (pg_hba.conf) that lets every login in by password over TLS, and the replication role for nothing else. */
export const OPEN_TO_ALL = `hostssl replication replicator 127.0.0.1/32 scram-sha-256
hostssl all replicator 127.0.0.1/32 reject
hostssl all all 127.0.0.1/32 scram-sha-256
`

/** Host access that lets one role in, until somebody who knows opens it to all. */
export const closedToAllBut = (role: string): string => `hostssl all ${role} 127.0.0.1/32 scram-sha-256\n`

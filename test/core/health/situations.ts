import type { MemoryHealthProbes } from '../../../adapters/memory/health-probes'
import type { HealthFindingCode } from '../../../core/health/findings'
import type { HealthPlace } from '../../../core/health/place'
import type { HealthCheckName } from '../../../core/health/judges'
import type { DatabaseSeen, FunctionSeen, HandshakeSeen } from '../../../core/ports/health-probes'
import type { DataRole } from '../../../core/verification/daily/expectations'

/** One thing that is wrong with a platform, and the one check that has to say so. */
export interface Situation {
  readonly name: string
  readonly role: DataRole
  readonly plant: (platform: MemoryHealthProbes, place: HealthPlace, now: Date) => void
  readonly check: HealthCheckName
  readonly code: HealthFindingCode
  /** Whether clients are served nevertheless. */
  readonly serving: 'up' | 'down'
  /** Checks that have nothing to look at any more. @default none */
  readonly blind?: readonly HealthCheckName[]
}

const situation =
  (role: DataRole, serving: Situation['serving']) =>
  (
    name: string,
    check: HealthCheckName,
    code: HealthFindingCode,
    plant: Situation['plant'],
    blind: readonly HealthCheckName[] = [],
  ): Situation => ({ name, role, serving, check, code, plant, blind })
const worn = situation('primary', 'up')
const down = situation('primary', 'down')
const inRecovery = situation('recovery', 'up')

const handshake =
  (change: Partial<HandshakeSeen>): Situation['plant'] =>
  (platform, { certificates }) => {
    for (const name of certificates) platform.handshakes.set(name, { ...platform.handshakes.get(name)!, ...change })
  }
const lasts =
  (days: number): Situation['plant'] =>
  (platform, place, now) =>
    handshake({ validUntil: new Date(now.getTime() + days * 86_400_000).toISOString() })(platform, place, now)
const database =
  (change: (seen: Extract<DatabaseSeen, { reads: true }>) => DatabaseSeen): Situation['plant'] =>
  (platform, { own }) => {
    const seen = platform.databases.get(own.instance)
    if (seen?.reads) platform.databases.set(own.instance, change(seen))
  }
const run =
  (name: string, change: Partial<FunctionSeen>): Situation['plant'] =>
  (platform, { functions }) => {
    const called = functions.find((one) => one.endsWith(name))!
    platform.runs.set(called, { ...platform.runs.get(called)!, ...change })
  }
const waiting =
  (oldestMinutes: number): Situation['plant'] =>
  (platform, { queues }) => {
    platform.waiting.set(queues[0]!, { messages: 3, oldestMinutes })
  }
const rings =
  (id: string): Situation['plant'] =>
  (platform, { alarmPrefix }) => {
    const at = platform.ringing.findIndex(({ name }) => name === `${alarmPrefix}/${id}`)
    platform.ringing[at] = { name: `${alarmPrefix}/${id}`, state: 'alarm' }
  }
const before = (now: Date, seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString()

/** Every situation there is: each code of finding at least once. */
export const SITUATIONS: readonly Situation[] = [
  down('a page that does not answer', 'page', 'page-silent', (platform) => {
    platform.served = { answered: false, code: 'ECONNREFUSED' }
  }),
  down('a page that answers with an error', 'page', 'page-error', (platform) => {
    platform.served = { answered: true, status: 503, milliseconds: 12 }
  }),
  worn('a page that takes three seconds', 'page', 'page-slow', (platform) => {
    platform.served = { answered: true, status: 200, milliseconds: 3000 }
  }),
  down('two of a hundred attempts that fail', 'error-rate', 'errors-many', (platform) => {
    platform.asked = { asked: 200, answered: 196 }
  }),
  worn('one of five hundred attempts that fails', 'error-rate', 'errors-some', (platform) => {
    platform.asked = { asked: 500, answered: 499 }
  }),
  worn('a chain that nobody trusts', 'certificate', 'certificate-untrusted', handshake({ trusted: false })),
  worn('a certificate for another name', 'certificate', 'certificate-misnamed', handshake({ named: false })),
  worn('a certificate with three days left', 'certificate', 'certificate-ending', lasts(3)),
  worn('a certificate with three weeks left', 'certificate', 'certificate-due', lasts(21)),
  worn('a server that agrees to TLS 1.1', 'protocol', 'protocol-weak', handshake({ accepts: ['TLSv1.1', 'TLSv1.3'] })),
  down('a name without an answer', 'names', 'name-missing', (platform, { hosts }) => {
    platform.names.delete(Object.keys(hosts)[0]!)
  }),
  down('a database name that leads to a stranger', 'names', 'name-astray', (platform, { databaseName, own }) => {
    const target = `${own.instance}.abc123.stranger.example.${own.region}.rds.amazonaws.com`
    platform.names.set(databaseName, { target, ttlSeconds: 60 })
  }),
  worn('a name that is remembered for an hour', 'names', 'name-remembered', (platform, { databaseName }) => {
    platform.names.set(databaseName, { ...platform.names.get(databaseName)!, ttlSeconds: 3600 })
  }),
  down(
    'a database that takes no session',
    'database-read',
    'read-refused',
    database(() => ({ reads: false, code: 'DATABASE_UNREACHABLE' })),
    ['database-write', 'heartbeat'],
  ),
  down(
    'a database that keeps no row',
    'database-write',
    'write-refused',
    database((seen) => ({ ...seen, writes: false })),
  ),
  down(
    'a served database that only replays another one',
    'database-write',
    'writer-in-recovery',
    database(({ heartbeatAt }) => ({
      reads: true,
      replica: true,
      receives: 'down',
      ...(heartbeatAt && { heartbeatAt }),
    })),
  ),
  worn('a lease that nobody renews', 'heartbeat', 'heartbeat-old', (platform, place, now) => {
    database((seen) => ({ ...seen, heartbeatAt: before(now, 600) }))(platform, place, now)
  }),
  inRecovery(
    'a replica that hears nothing',
    'replica',
    'replica-silent',
    database((seen) => ({ ...seen, receives: 'down' })),
  ),
  inRecovery('a replica that is ten minutes behind', 'replica', 'replica-behind', (platform, place, now) => {
    database((seen) => ({ ...seen, heartbeatAt: before(now, 600) }))(platform, place, now)
  }),
  inRecovery(
    'a database beside the one that serves, which follows nobody',
    'replica',
    'replica-none',
    database(({ heartbeatAt }) => ({ reads: true, replica: false, writes: true, ...(heartbeatAt && { heartbeatAt }) })),
  ),
  worn('an event that a function could not take', 'queues', 'dead-letters', waiting(60)),
  worn('one of two days ago', 'queues', 'dead-letters-old', waiting(2 * 24 * 60)),
  worn('a function that fails once', 'functions', 'function-errors', run('desk', { errors: 1 })),
  worn('a function that always fails', 'functions', 'function-failing', run('desk', { runs: 4, errors: 4 })),
  worn('a function that is throttled', 'functions', 'function-throttled', run('desk', { throttles: 2 })),
  worn('a guard that does not run', 'functions', 'function-silent', (platform, place) => {
    const guard = place.functions.find((name) => name.endsWith('guard'))!
    platform.runs.set(guard, { runs: 0, errors: 0, throttles: 0 })
  }),
  worn('backups that a daily look found bad', 'backups', 'backups-bad', (platform) => {
    platform.lookedAt = { ...platform.lookedAt!, outcome: 'failed' }
  }),
  worn('backups that nobody has looked at for a day', 'backups', 'backups-unwatched', (platform, _, now) => {
    platform.lookedAt = { finishedAt: before(now, 86_400), outcome: 'succeeded' }
  }),
  worn('a critical alarm', 'alarms', 'alarm-critical', rings('region-lost')),
  worn('any other alarm', 'alarms', 'alarm-ringing', rings('replica-lag/g2')),
]

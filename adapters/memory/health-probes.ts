import type { Attempts } from '../../core/detection/service-level'
import type { HealthPlace } from '../../core/health/place'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import type {
  AlarmSeen,
  BackupsSeen,
  DatabaseSeen,
  FunctionSeen,
  HandshakeSeen,
  HealthProbes,
  NameSeen,
  PageSeen,
  QueueSeen,
} from '../../core/ports/health-probes'

/** A platform as probes see it: what a test changes of it is seen by the next look. */
export class MemoryHealthProbes implements HealthProbes {
  served: PageSeen = { answered: true, status: 200, milliseconds: 20 }
  asked: Attempts | undefined = { asked: 200, answered: 200 }
  readonly handshakes = new Map<string, HandshakeSeen>()
  readonly names = new Map<string, NameSeen>()
  readonly databases = new Map<string, DatabaseSeen>()
  readonly runs = new Map<string, FunctionSeen>()
  readonly waiting = new Map<string, QueueSeen>()
  readonly ringing: AlarmSeen[] = []
  lookedAt: BackupsSeen | undefined
  /** Looks that nobody may take, until they are taken out. */
  readonly denied = new Set<keyof HealthProbes>()

  async page(): Promise<PageSeen> {
    return this.unlessDenied('page', this.served)
  }

  async attempts(): Promise<Attempts | undefined> {
    return this.unlessDenied('attempts', this.asked)
  }

  async handshake(subject: string): Promise<HandshakeSeen> {
    const seen = this.unlessDenied('handshake', this.handshakes.get(subject))
    if (!seen) throw new PortError('unreachable', 'NO_HANDSHAKE', `nobody answers for '${subject}'`)
    return seen
  }

  async name(served: string): Promise<NameSeen | undefined> {
    return this.unlessDenied('name', this.names.get(served))
  }

  async database({ instance }: InstanceRef): Promise<DatabaseSeen> {
    const seen = this.unlessDenied('database', this.databases.get(instance))
    return seen ?? { reads: false, code: 'DATABASE_UNREACHABLE' }
  }

  async functions(names: readonly string[]): Promise<Readonly<Record<string, FunctionSeen>>> {
    return this.unlessDenied('functions', named(this.runs, names))
  }

  async queues(names: readonly string[]): Promise<Readonly<Record<string, QueueSeen>>> {
    return this.unlessDenied('queues', named(this.waiting, names))
  }

  async alarms(): Promise<readonly AlarmSeen[]> {
    return this.unlessDenied('alarms', [...this.ringing])
  }

  async backups(): Promise<BackupsSeen | undefined> {
    return this.unlessDenied('backups', this.lookedAt)
  }

  private unlessDenied<T>(verb: keyof HealthProbes, seen: T): T {
    if (this.denied.has(verb)) throw new PortError('denied', 'LOOK_DENIED', `'${verb}' may not be looked at`)
    return seen
  }
}

const named = <T>(all: ReadonlyMap<string, T>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(names.flatMap((name) => (all.has(name) ? [[name, all.get(name)!] as const] : [])))

/** Where a place leads clients that is well: to its own database, and to the first of the hosts of each other name. */
export function wellNamed({ own, endpointDomain, databaseName, hosts }: HealthPlace, ttlSeconds: number) {
  return new Map<string, NameSeen>([
    [databaseName, { target: `${own.instance}.${own.region}.${endpointDomain}`, ttlSeconds }],
    ...Object.entries(hosts).map(([name, [target = '']]) => [name, { target, ttlSeconds }] as const),
  ])
}

import type { Attempts } from '../detection/service-level'
import type {
  AlarmSeen,
  BackupsSeen,
  DatabaseSeen,
  FunctionSeen,
  HandshakeSeen,
  NameSeen,
  PageSeen,
  QueueSeen,
} from '../ports/health-probes'
import type { Seen } from '../verification/daily/seen'

type ByName<T> = Readonly<Partial<Record<string, T>>>

/** Everything the judges look at: what a platform was seen to be at one moment. Plain data, so that it can be judged again. */
export interface HealthFacts {
  readonly at: string
  readonly page: Seen<PageSeen>
  /** Null where nobody has asked. */
  readonly attempts: Seen<Attempts | null>
  readonly handshakes: ByName<Seen<HandshakeSeen>>
  /** Null for a name without an answer. */
  readonly names: ByName<Seen<NameSeen | null>>
  readonly database: Seen<DatabaseSeen>
  readonly functions: Seen<ByName<FunctionSeen>>
  readonly queues: Seen<ByName<QueueSeen>>
  readonly alarms: Seen<readonly AlarmSeen[]>
  /** Null where nobody has looked yet. */
  readonly backups: Seen<BackupsSeen | null>
  readonly components: ByName<Seen<boolean>>
}

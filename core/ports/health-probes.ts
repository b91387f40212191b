import type { Attempts } from '../detection/service-level'
import type { InstanceRef } from './database'

/** What became of one question for the served page. */
export type PageSeen =
  | { readonly answered: true; readonly status: number; readonly milliseconds: number }
  | { readonly answered: false; readonly code: string }

/** Versions of TLS that a server may agree to, the oldest first. */
export const TLS_VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const
export type TlsVersion = (typeof TLS_VERSIONS)[number]

/** What a server shows of itself before anything is said to it. */
export interface HandshakeSeen {
  readonly validUntil: string
  /** Whether its chain ends at an authority that is trusted. An expired certificate is told by its date, not here. */
  readonly trusted: boolean
  /** Whether the certificate is for the name that was asked. */
  readonly named: boolean
  /** Versions it agrees to, each tried by itself. */
  readonly accepts: readonly TlsVersion[]
}

/** Where a served name leads now. */
export interface NameSeen {
  readonly target: string
  /** How long the answer may be remembered. @default the resolver that was asked does not tell */
  readonly ttlSeconds?: number
}

/** What a database says of itself to a session of its own. */
export type DatabaseSeen =
  | { readonly reads: false; readonly code: string }
  | {
      readonly reads: true
      readonly replica: boolean
      /** Whether a row was committed and read back by a second session; left out by a replica. */
      readonly writes?: boolean
      /** When its newest heartbeat was written, by the one who writes; left out where it holds none. */
      readonly heartbeatAt?: string
      /** Whether a replica hears from its source. */
      readonly receives?: 'up' | 'down' | 'unknown'
    }

/** What waits in a queue, at most, within the time that was looked at. */
export interface QueueSeen {
  readonly messages: number
  readonly oldestMinutes: number
}

/** What a function did within the time that was looked at. */
export interface FunctionSeen {
  readonly runs: number
  readonly errors: number
  readonly throttles: number
  /** When a run last ended well; left out where none did. */
  readonly lastSuccessAt?: string
}

export interface AlarmSeen {
  readonly name: string
  readonly state: 'ok' | 'alarm' | 'no-data'
}

/** How the newest daily look at the backups ended. */
export interface BackupsSeen {
  readonly finishedAt: string
  readonly outcome: 'succeeded' | 'failed' | 'stopped' | 'inconclusive'
}

/** A function or a queue that has to be there, by its physical name. */
export type Measured<Kind extends 'functions' | 'queues'> = Readonly<
  Record<string, Kind extends 'functions' ? FunctionSeen : QueueSeen>
>

/**
 * Looks at a platform from one place. Each look ends within its own deadline and disturbs nobody: the one thing that is ever
 * written is a row of our own beside the data. Throws PortError for what could not be looked at; what does not answer its
 * clients was seen, and is no error.
 */
export interface HealthProbes {
  page(): Promise<PageSeen>
  /** How often clients were answered of late; undefined where nobody has asked. */
  attempts(): Promise<Attempts | undefined>
  handshake(subject: string): Promise<HandshakeSeen>
  /** Undefined where the name has no answer. */
  name(served: string): Promise<NameSeen | undefined>
  database(ref: InstanceRef): Promise<DatabaseSeen>
  functions(names: readonly string[]): Promise<Measured<'functions'>>
  queues(names: readonly string[]): Promise<Measured<'queues'>>
  alarms(): Promise<readonly AlarmSeen[]>
  /** Undefined where nobody has looked yet. */
  backups(): Promise<BackupsSeen | undefined>
}

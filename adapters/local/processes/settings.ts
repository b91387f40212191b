import { readFileSync } from 'node:fs'
import type { InstanceRef } from '../../../core/ports/database'
import type { Endpoint, Login } from '../../postgres/connect'

/** What a guard process is told: one JSON file, so that no password shows in a process list. */
export interface GuardProcessSettings {
  readonly instance: InstanceRef
  readonly endpoint: Endpoint
  /** Port of the name server, which knows where the endpoint is served now. */
  readonly dnsPort: number
  readonly login: Login
  readonly storePorts: readonly number[]
  readonly leaseMs: number
  readonly renewEveryMs: number
  /** Whether the database may start closed to all but the fence role. */
  readonly startsClosed: boolean
}

/** What the workload process is told. */
export interface WorkloadSettings {
  readonly clients: number
  /** Number of the first of them: no two clients of a world share one. */
  readonly firstClient: number
  readonly servedName: string
  readonly dnsPort: number
  /** Endpoints a client may ever connect to, by the name their certificate carries. */
  readonly allowed: readonly Endpoint[]
  /** File with the login, read before each connection: a secret may have been rotated. */
  readonly loginFile: string
  readonly connectDeadlineMs: number
  readonly writeDeadlineMs: number
  readonly patients: number
  readonly log: string
  /** Port of the observer that is told of every acknowledgement. */
  readonly observerPort: number
}

/** What the observer is told. */
export interface ObserverSettings {
  readonly port: number
  readonly log: string
}

/** Settings of this process, from the file named by its first argument, as the process that started it wrote them. */
export const readSettings = (): unknown => JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))

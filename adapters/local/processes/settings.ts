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

/** How a process uses the database as a client. */
export interface ClientSettings {
  readonly servedName: string
  readonly dnsPort: number
  /** Endpoints a client may ever connect to, by the name their certificate carries. */
  readonly allowed: readonly Endpoint[]
  /** Paths to endpoints of the other region, by their name. */
  readonly across: Readonly<Record<string, Across>>
  /** File with the login, read before each connection: a secret may have been rotated. */
  readonly loginFile: string
  readonly connectDeadlineMs: number
  readonly writeDeadlineMs: number
  readonly patients: number
}

/** A path to another region: where it begins here, and how long a connection over it may take. */
export interface Across {
  readonly port: number
  readonly connectDeadlineMs: number
}

/** What the workload process is told. */
export interface WorkloadSettings extends ClientSettings {
  readonly clients: number
  /** Number of the first of them: no two clients of a world share one. */
  readonly firstClient: number
  readonly log: string
  /** Port of the observer that is told of every acknowledgement. */
  readonly observerPort: number
}

/** What the application of a region is told. */
export interface ApplicationSettings extends ClientSettings {
  readonly port: number
  readonly content: RegionContent
  /** Region whose settings the copies are of. */
  readonly source: string
}

/** What the process that hosts a program's versions is told. */
export interface HostingSettings {
  /** Where it is served, whichever version that is. */
  readonly port: number
  readonly program: { readonly versions: string; readonly wanted: string; readonly live: string }
  readonly release: Omit<ReleaseSettings, 'port' | 'version' | 'module'>
}

/** What one version of a program is told. */
export interface ReleaseSettings {
  readonly port: number
  readonly version: string
  /** File of its code. */
  readonly module: string
  readonly database: ApplicationDatabase
  /** Folder of the settings in force. */
  readonly settings: string
  readonly assets: { readonly versions: string; readonly current: string }
  /** Port of the program that it calls. @default it calls none */
  readonly calls?: number
}

export type ApplicationDatabase = Omit<ApplicationSettings, 'port' | 'content' | 'source'>

/** What people who use the clinic over HTTP are told. */
export interface ApiClientSettings {
  /** Ports of the applications, the nearest first. */
  readonly ports: readonly number[]
  readonly deadlineMs: number
  readonly log: string
}

/** Where a region keeps its copies of settings and its assets. */
export interface RegionContent {
  readonly folder: string
  readonly keyFile: string
}

/** What the clinic's staff who change settings and assets are told. */
export interface AuthorSettings {
  readonly configuration: string
  readonly content: RegionContent
  readonly everyMs: number
  readonly log: string
}

/** What copies settings and assets to the other region is told. */
export interface ReplicatorSettings {
  readonly source: string
  readonly configuration: string
  readonly own: RegionContent
  readonly recovery: { readonly region: string; readonly port: number; readonly keyFile: string }
  readonly callDeadlineMs: number
  readonly copySeconds: number
  readonly assetSeconds: number
}

/** What the observer is told. */
export interface ObserverSettings {
  readonly port: number
  readonly log: string
}

/** Settings of this process, from the file named by its first argument, as the process that started it wrote them. */
export const readSettings = (): unknown => JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))

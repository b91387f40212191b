import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConditionalStore } from '../../core/ports/conditional-store'
import type { Endpoint } from '../postgres/connect'
import { issueCertificates } from './certificates'
import { folderConditionalStore } from './folder-conditional-store'
import { httpConditionalStore } from './http-conditional-store'
import { Instance } from './instance'
import { openLink, type Link } from './link'
import { olderBinaries, postgresBinaries, type PostgresBinaries } from './postgres-binaries'
import { databaseUser, ownedFolder, type DatabaseUser } from './scratch'
import { startStoreServer } from './store-server'
import { endpointOf, type WorldOptions, type WorldPlan } from './world-plan'

export type Place = 'primary' | 'recovery' | 'witness'

/** What everything of a world stands on: its places, the paths between them, and how servers are made. */
export interface Ground {
  readonly folder: string
  readonly plan: WorldPlan
  readonly user: DatabaseUser
  /** Folder of each place: what runs in it is exactly what dies with it. */
  readonly place: Readonly<Record<Place, string>>
  readonly stores: { readonly recovery: ConditionalStore; readonly witness: ConditionalStore }
  readonly storePorts: { readonly recovery: number; readonly witness: number }
  /** Every path into or out of the primary region; a partition cuts all of them. */
  readonly border: readonly Link[]
  openBorder(port: () => number, oneWayMs?: number): Promise<Link>
  readonly endpoint: (name: string, port: number) => Endpoint
  /** A server that is not made yet. `archive` names the folder of its place for its finished log. */
  server(place: 'primary' | 'recovery', name: string, endpoint: Endpoint, archive: string): Promise<Instance>
  /** Programs of the next minor version, where the servers run an older one. */
  readonly nextMinor?: PostgresBinaries
  /** Closes what was opened when the world ends. */
  closing<T extends { close(): Promise<void> }>(opened: T): T
}

/** Longest wait of one coordination call inside a region. */
export const STORE_DEADLINE_MS = 1000

export async function prepareGround(
  folder: string,
  plan: WorldPlan,
  { policy, outside, minor }: WorldOptions,
  closers: (() => Promise<void>)[],
): Promise<Ground> {
  const closing: Ground['closing'] = (opened) => {
    closers.push(() => opened.close())
    return opened
  }
  const names = [...Object.values(plan.endpointNames), ...plan.spares.map(({ endpointName }) => endpointName)]
  const { authority, servers } = await issueCertificates(names)
  const place = {
    primary: await newPlace(folder, plan.regions.primary),
    recovery: await newPlace(folder, plan.regions.recovery),
    witness: await newPlace(folder, plan.regions.witness),
  }
  const startStore = async (at: 'recovery' | 'witness') =>
    closing(await startStoreServer(outside?.stores[at] ?? (await folderConditionalStore(join(place[at], 'store')))))
  const [recovery, witness] = await Promise.all([startStore('recovery'), startStore('witness')])
  const user = databaseUser()
  const newest = await postgresBinaries()
  const older = minor === undefined ? undefined : await olderBinaries(minor)
  const binaries = older ?? newest
  const silentMs = policy.rehearsal.pace.lease.durationSeconds * 1000
  const border: Link[] = []
  return {
    folder,
    plan,
    user,
    place,
    stores: {
      recovery: httpConditionalStore(recovery.port, STORE_DEADLINE_MS),
      witness: httpConditionalStore(witness.port, STORE_DEADLINE_MS),
    },
    storePorts: { recovery: recovery.port, witness: witness.port },
    border,
    openBorder: async (port, oneWayMs) => {
      const link = closing(await openLink(port, oneWayMs))
      border.push(link)
      return link
    },
    endpoint: (name, port) => endpointOf(name, port, authority, outside?.database),
    server: async (at, name, endpoint, archive) =>
      new Instance({
        name,
        folder: place[at],
        endpoint,
        certificate: servers[names.indexOf(endpoint.name)]!,
        archive: await ownedFolder(join(place[at], archive), user),
        binaries,
        user,
        settings: {
          wal_receiver_timeout: `'${silentMs}ms'`,
          wal_receiver_status_interval: '1',
          archive_timeout: `'${policy.mechanisms.pointInTimeLogSeconds}s'`,
        },
      }),
    ...(older && { nextMinor: newest }),
    closing,
  }
}

async function newPlace(folder: string, region: string): Promise<string> {
  const path = join(folder, region)
  await mkdir(path)
  await chmod(path, 0o711)
  return path
}

import { randomBytes } from 'node:crypto'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatabaseAddress } from '../postgres/database-url'
import { issueCertificates } from './certificates'
import { Instance } from './instance'
import { freePort } from './loopback'
import { postgresBinaries } from './postgres-binaries'
import { databaseUser, newWorldFolder, ownedFolder, removeWorld } from './scratch'
import { DATABASE } from './world-plan'

const NAME = 'localhost'

/** A server of this machine that is made for one purpose and removed with all that is on it. */
export interface ThrowawayServer {
  readonly address: DatabaseAddress
  remove(): Promise<void>
}

/** For a server whose content is to survive nothing, not even a crash: it writes no more than it has to. */
const FLEETING = {
  archive_mode: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  shared_buffers: "'256MB'",
  max_wal_size: "'4GB'",
}

/** Starts one whose only role is this superuser; nobody but this process knows its password. */
export async function throwawayServer(
  superuser: string,
  settings: Readonly<Record<string, string>> = FLEETING,
): Promise<ThrowawayServer> {
  const folder = await newWorldFolder()
  try {
    return await start(folder, superuser, settings)
  } catch (error) {
    await removeWorld(folder)
    throw error
  }
}

async function start(
  folder: string,
  superuser: string,
  settings: Readonly<Record<string, string>>,
): Promise<ThrowawayServer> {
  const user = databaseUser()
  const region = join(folder, 'throwaway')
  await mkdir(region)
  await chmod(region, 0o711)
  const { authority, servers } = await issueCertificates([NAME])
  const authorities = join(folder, 'authorities.pem')
  await writeFile(authorities, authority)
  const port = await freePort()
  const login = { user: superuser, password: randomBytes(24).toString('hex') }
  const instance = new Instance({
    name: 'throwaway',
    folder: region,
    endpoint: { name: NAME, host: '127.0.0.1', port, database: DATABASE, authority },
    certificate: servers[0]!,
    archive: await ownedFolder(join(folder, 'archive'), user),
    binaries: await postgresBinaries(),
    user,
    settings,
  })
  await instance.initialize(login)
  await instance.start(login)
  return {
    address: { host: NAME, port, database: DATABASE, login, authorities },
    remove: () => removeWorld(folder),
  }
}

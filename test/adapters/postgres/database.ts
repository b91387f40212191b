import { mkdir, chmod } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import { issueCertificates } from '../../../adapters/local/certificates'
import { Instance } from '../../../adapters/local/instance'
import { freePort } from '../../../adapters/local/loopback'
import { postgresBinaries } from '../../../adapters/local/postgres-binaries'
import { databaseUser, newWorldFolder, ownedFolder, removeWorld } from '../../../adapters/local/scratch'
import { APPLICATION_ROLES, CLINIC_SCHEMA, CLINIC_TABLES, SEED } from '../../../adapters/postgres/clinic-schema'
import { connect, type Endpoint, type Login } from '../../../adapters/postgres/connect'
import { grantLease } from '../../../adapters/postgres/guard'
import { FENCE_ROLE } from '../../../adapters/postgres/guard-schema'
import { installGuard, protectTables } from '../../../adapters/postgres/preparation'
import { withFreePorts } from '../../setup/free-ports'

/** A real clinic database of 200 patients for one test file. */
export interface TestDatabase {
  readonly instance: Instance
  readonly endpoint: Endpoint
  login(role: string): Login
  session(role?: string): Promise<Client>
  remove(): Promise<void>
}

export const PATIENTS = 200

/** Its certificate carries the name; a program that resolves it by itself needs one that every machine knows. */
export const startDatabase = (name = 'clinic-g1.sa-east-1.db.localhost'): Promise<TestDatabase> =>
  withFreePorts(() => startDatabaseOnce(name))

async function startDatabaseOnce(name: string): Promise<TestDatabase> {
  const folder = await newWorldFolder()
  try {
    return await start(folder, name)
  } catch (error) {
    await removeWorld(folder)
    throw error
  }
}

async function start(folder: string, name: string): Promise<TestDatabase> {
  const user = databaseUser()
  const region = join(folder, 'region')
  await mkdir(region)
  await chmod(region, 0o711)
  const { authority, servers } = await issueCertificates([name])
  const endpoint: Endpoint = { name, host: '127.0.0.1', port: await freePort(), database: 'postgres', authority }
  const instance = new Instance({
    name: 'clinic-g1',
    folder: region,
    endpoint,
    certificate: servers[0]!,
    archive: await ownedFolder(join(folder, 'archive'), user),
    binaries: await postgresBinaries(),
    user,
    settings: { synchronous_commit: 'local' },
  })
  const login = (role: string): Login => ({ user: role, password: `${role}-secret` })
  await instance.initialize(login('postgres'))
  await instance.start(login('postgres'))
  const sessions: Client[] = []
  const session = async (role = FENCE_ROLE) => {
    const client = await connect(endpoint, login(role), 5000)
    sessions.push(client)
    return client
  }
  const owner = await session('postgres')
  await owner.query(CLINIC_SCHEMA)
  await owner.query(SEED(PATIENTS))
  await owner.query(`create role ${FENCE_ROLE} superuser login password '${login(FENCE_ROLE).password}'`)
  for (const role of APPLICATION_ROLES) {
    await owner.query(`create role ${role} login password '${login(role).password}'`)
    await owner.query(`grant usage on schema clinic to ${role}`)
    await owner.query(`grant select, insert, update on all tables in schema clinic to ${role}`)
  }
  await installGuard(owner, CLINIC_TABLES, { epoch: 1, holder: 'sa-east-1', raisedBy: 'test', continues: 1 })
  await grantLease(owner, 1, 3_600_000)
  await protectTables(owner, CLINIC_TABLES)
  return {
    instance,
    endpoint,
    login,
    session,
    remove: async () => {
      await Promise.all(sessions.map((open) => open.end().catch(() => undefined)))
      await removeWorld(folder)
    },
  }
}

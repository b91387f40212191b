import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresClient } from '../../../adapters/local/postgres-client'
import { fetchClient } from '../../../adapters/local/postgres-client-package'

let folder: string
const path = process.env['PATH']
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'client-'))
})
afterEach(async () => {
  process.env['PATH'] = path
  await rm(folder, { recursive: true })
})

/** A program that says it is of this version, and nothing else. */
async function saying(version: string): Promise<string> {
  const place = join(folder, version)
  await mkdir(place)
  await writeFile(join(place, 'pg_dump'), `#!/bin/sh\necho 'pg_dump (PostgreSQL) ${version} (Debian ${version}-1)'\n`)
  await chmod(join(place, 'pg_dump'), 0o755)
  return place
}

it('takes the client of the same version, however many others stand before it', async () => {
  const [later, same] = [await saying('93.1'), await saying('92.4')]
  process.env['PATH'] = `${later}:${same}:${path}`
  expect(await postgresClient(92)).toEqual({ folder: same, version: '92.4' })
})

it('takes the next later one where there is none of the same', async () => {
  const [latest, later, older] = [await saying('94.0'), await saying('93.1'), await saying('91.9')]
  process.env['PATH'] = `${latest}:${older}:${later}:${path}`
  expect(await postgresClient(92)).toEqual({ folder: later, version: '93.1' })
})

it('says how to install one where all are older than the server', async () => {
  await expect(postgresClient(92)).rejects.toMatchObject({
    code: 'POSTGRES_CLIENT_MISSING',
    message: expect.stringContaining('PostgreSQL 92'),
    resolution: expect.stringContaining('apt-get install postgresql-client-92'),
  })
})

it('takes no other than the one it is given, and says what is wrong with it', async () => {
  const [given, good] = [await saying('91.0'), await saying('92.0')]
  process.env['PATH'] = `${good}:${path}`
  expect(await postgresClient(91, given)).toEqual({ folder: given, version: '91.0' })
  await expect(postgresClient(92, given)).rejects.toMatchObject({ code: 'POSTGRES_CLIENT_OLD' })
  await expect(postgresClient(92, folder)).rejects.toMatchObject({ code: 'POSTGRES_CLIENT_MISSING' })
})

it('finds the one that was fetched', async () => {
  expect(await postgresClient(18)).toEqual({ folder: await fetchClient(), version: expect.stringMatching(/^18\./) })
}, 120_000)

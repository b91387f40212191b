import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { shipLog } from '../../../adapters/postgres/ship-log'
import { startDatabase, type TestDatabase } from './database'

let database: TestDatabase
beforeAll(async () => {
  database = await startDatabase()
}, 60_000)
afterAll(() => database?.remove())

it('ends once what was committed is in the archive, also where another one has just switched the log', async () => {
  const sessions = await Promise.all([1, 2, 3].map(() => database.session('postgres')))
  const { rows } = await sessions[0]!.query<{ data: string }>(`select current_setting('data_directory') as data`)
  const archive = join(rows[0]!.data, '..', '..', 'archive')
  const segments = async () => (await readdir(archive)).filter((file) => /^[0-9A-F]{24}$/.test(file))
  const before = new Date()
  // Nobody else writes here, and nothing fills a segment: who waited for one that was just begun would wait for ever.
  for (let round = 0; round < 10; round += 1) {
    const held = (await segments()).length
    const moments = await Promise.all(sessions.map(shipLog))
    for (const at of moments) expect(at.getTime()).toBeGreaterThanOrEqual(before.getTime())
    expect((await segments()).length).toBeGreaterThan(held)
  }
}, 60_000)

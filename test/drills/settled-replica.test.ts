import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { InstanceRef } from '../../core/ports/database'
import { resolvePolicy } from '../../policy'
import { observeReplica, observeSettledReplica } from '../../drills/left-backups/standing'
import { startPair, type Pair } from '../adapters/local/pair'

const { detection } = resolvePolicy('test').pace

let pair: Pair
let onReplica: Client
beforeAll(async () => {
  pair = await startPair()
  onReplica = await pair.session('replica', 'postgres')
}, 120_000)
afterAll(() => pair?.remove())

/** A session of its own for each look, as a world gives it. */
const world = {
  async withInstance<T>(_: InstanceRef, work: (client: Client) => Promise<T>): Promise<T> {
    const client = await pair.session('replica', 'postgres')
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  },
}
const receives = async () => (await observeReplica(world, pair.replica, detection)).receives

async function source(conninfo: string): Promise<void> {
  await onReplica.query(`alter system set primary_conninfo = ${onReplica.escapeLiteral(conninfo)}`)
  await onReplica.query('select pg_reload_conf()')
}

test('a replica that has just lost its source is seen once it has the next one, and one that finds none is silent', async () => {
  while ((await receives()) !== 'up') await sleep(50)
  const { rows } = await onReplica.query<{ conninfo: string }>(`select current_setting('primary_conninfo') as conninfo`)
  await source('')
  while ((await receives()) !== 'down') await sleep(50)
  const brief = { ...detection, probeEverySeconds: 0.1, consecutiveFailures: 2 }
  expect(await observeSettledReplica(world, pair.replica, brief)).toMatchObject({ receives: 'down' })

  const seen = observeSettledReplica(world, pair.replica, detection)
  await source(rows[0]!.conninfo)
  expect(await seen).toMatchObject({ receives: 'up', heartbeatAt: expect.any(String) })
}, 60_000)

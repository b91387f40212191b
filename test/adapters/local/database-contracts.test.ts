import { setTimeout as sleep } from 'node:timers/promises'
import { databaseClock, renewLease } from '../../../adapters/postgres/guard'
import { describeDatabaseSession } from '../../contracts/database-session'
import { describeFence } from '../../contracts/fence'
import { describeHealth } from '../../contracts/health'
import { describeInventory } from '../../contracts/inventory'
import { describePromotion } from '../../contracts/promotion'
import { fenceStageOf, promoteWithin, sessionStageOf } from './pair-stages'
import { startPair } from './pair'

describeInventory('real PostgreSQL', async () => {
  const pair = await startPair()
  return {
    ...pair,
    inventory: pair.ports.inventory,
    promote: () => promoteWithin(pair),
    cut: () => pair.links.toReplica.cut(),
    heal: () => pair.links.toReplica.heal(),
  }
})

describePromotion('real PostgreSQL', async () => {
  const pair = await startPair()
  const observer = await pair.session('replica')
  const isReplica = async () => (await observer.query<{ r: boolean }>('select pg_is_in_recovery() as r')).rows[0]!.r
  return {
    ...pair,
    promotion: pair.ports.promotion,
    role: async () => ((await isReplica()) ? 'replica' : 'primary'),
    finish: async () => {
      while (await isReplica()) await sleep(20)
    },
    // Each promotion begins a timeline of its own.
    begun: async () => {
      const { rows } = await observer.query<{ line: string }>(
        `select timeline_id::text as line from pg_control_checkpoint()`,
      )
      return Number(rows[0]!.line) - 1
    },
    cut: () => pair.links.toReplica.cut(),
    heal: () => pair.links.toReplica.heal(),
  }
})

describeFence('real PostgreSQL', async () => {
  const pair = await startPair()
  return {
    ...(await fenceStageOf(pair)),
    fence: pair.ports.fence,
    cut: () => pair.links.toPrimary.cut(),
    remove: pair.remove,
  }
})

describeHealth('real PostgreSQL', async () => {
  const pair = await startPair()
  const { toPrimary, toReplica, replication } = pair.links
  // In place of the guard, which writes at every renewal: an idle primary would be silent.
  const heart = await pair.session('primary')
  const end = new AbortController()
  const beat = (async () => {
    for (; !end.signal.aborted; await sleep(100))
      await renewLease(heart, { epoch: 1, continues: 1 }, await databaseClock(heart), 60_000)
  })()
  return {
    ...pair,
    health: pair.ports.health,
    lose: () => {
      toPrimary.cut()
      replication.cut()
    },
    blind: () => toReplica.cut(),
    recover: () => [toPrimary, toReplica, replication].forEach((link) => link.heal()),
    remove: async () => {
      end.abort()
      await beat
      await pair.remove()
    },
  }
})

describeDatabaseSession('real PostgreSQL', async () => {
  const pair = await startPair()
  return { ...sessionStageOf(pair), session: pair.ports.database }
})

import { VirtualClock } from '../../../adapters/memory/clock'
import { MemorySigner } from '../../../adapters/memory/signer'
import { personIn } from '../../../adapters/memory/database-node'
import { MemoryWorld, PRIMARY, REPLICA } from '../../../adapters/memory/world'
import type { Ports } from '../../../core/ports'
import { describeClock } from '../../contracts/clock'
import { describeDatabaseSession } from '../../contracts/database-session'
import { describeEvidenceLog } from '../../contracts/evidence-log'
import { describeFence } from '../../contracts/fence'
import { describeHealth } from '../../contracts/health'
import { describeInventory } from '../../contracts/inventory'
import { describeLaterWrites } from '../../contracts/later-writes'
import { describePromotion } from '../../contracts/promotion'
import { describeReporter } from '../../contracts/reporter'
import { describeRestore } from '../../contracts/restore'
import { describeSigner } from '../../contracts/signer'
import { describeTrafficSwitch } from '../../contracts/traffic-switch'
import { describeZoneStandby } from '../../contracts/zone-standby'

const PROMOTION_SECONDS = 120
const TTL_SECONDS = 60

/** A world and what all its stages have in common; calls of the named port do not arrive while it is cut. */
function stageOf(port: keyof Ports) {
  const world = new MemoryWorld({
    lease: { durationSeconds: 60, marginSeconds: 15 },
    promotionSeconds: PROMOTION_SECONDS,
    ttlSeconds: TTL_SECONDS,
  })
  const ports = world.ports()
  return {
    world,
    ports,
    primary: PRIMARY,
    replica: REPLICA,
    promote: async () => {
      await ports.promotion.promote(REPLICA, { key: 'run-1/promote', backupRetentionDays: 35 })
      await ports.clock.sleep(PROMOTION_SECONDS * 1000)
    },
    cut: () => {
      world.recorder.faultOf = (call) => (call.startsWith(`${port}.`) ? 'unreachable' : undefined)
    },
    heal: () => {
      world.recorder.faultOf = () => undefined
    },
    remove: async () => undefined,
  }
}

describeClock('memory', () => new VirtualClock())

describeSigner('memory', () => new MemorySigner('memory:one'))

describeReporter('memory', async (work) => {
  const { world, ports } = stageOf('reporter')
  await work({ reporter: ports.reporter, seen: () => world.messages.map(({ code }) => code) })
})

describeEvidenceLog('memory', () => {
  const { world, ports, heal } = stageOf('evidence')
  return {
    log: ports.evidence,
    again: () => world.ports().evidence,
    fail: () => {
      world.recorder.faultOf = () => 'lost-answer'
    },
    heal,
  }
})

describeInventory('memory', () => {
  const stage = stageOf('inventory')
  return { ...stage, inventory: stage.ports.inventory }
})

describePromotion('memory', () => {
  const stage = stageOf('promotion')
  const { world, ports } = stage
  return {
    ...stage,
    promotion: ports.promotion,
    role: async () => ((await ports.database.inRecovery(REPLICA)) ? 'replica' : 'primary'),
    finish: () => ports.clock.sleep(PROMOTION_SECONDS * 1000),
    begun: async () => world.effects.filter((effect) => effect.startsWith('promote')).length,
  }
})

describeZoneStandby('memory', async () => {
  const stage = stageOf('zoneStandby')
  const { world, ports } = stage
  await world.start()
  return {
    ...stage,
    zoneStandby: ports.zoneStandby,
    inventory: ports.inventory,
    // The guard of the instance renews its lease, as it does beside a real one.
    acceptsWrites: async () => {
      await world.guard('primary')
      return world.isWritable('primary')
    },
    pause: () => ports.clock.sleep(1000),
  }
})

describeFence('memory', () => {
  const stage = stageOf('fence')
  const { world } = stage
  return {
    ...stage,
    fence: stage.ports.fence,
    acceptsWrites: async () => world.isWritable('primary'),
    missRole: () => {
      world.fence = 'not-proven'
    },
    reset: () => {
      world.fence = 'reachable'
      Object.assign(world.primary, { loginsOpen: true, endedBy: 0, leaseUntilMs: Number.POSITIVE_INFINITY })
    },
    cut: () => {
      world.fence = 'unreachable'
    },
  }
})

describeHealth('memory', () => {
  const stage = stageOf('health')
  const { world } = stage
  return {
    ...stage,
    health: stage.ports.health,
    lose: () => {
      world.signals = ['down', 'down']
    },
    recover: () => {
      world.signals = ['up', 'up']
    },
    blind: () => {
      world.signals = ['up', 'unknown']
    },
  }
})

describeTrafficSwitch('memory', () => {
  const stage = stageOf('trafficSwitch')
  const { world, ports } = stage
  return {
    ...stage,
    trafficSwitch: ports.trafficSwitch,
    home: PRIMARY.region,
    away: REPLICA.region,
    beside: { region: PRIMARY.region, instance: 'clinic-g3' },
    settle: () => ports.clock.sleep(TTL_SECONDS * 1000),
    cutWitness: () => {
      world.recorder.faultOf = (call) => (call === 'trafficSwitch.point' ? 'unreachable' : undefined)
    },
  }
})

describeDatabaseSession('memory', () => {
  const stage = stageOf('database')
  const { world, ports } = stage
  return {
    ...stage,
    session: ports.database,
    node: REPLICA,
    acceptsWrites: async () => world.isWritable('replica'),
    damage: () => {
      world.verdict = 'fail'
    },
    person: (code) => personIn(world.replica, code),
    keepCorrection: async (id, fields) => {
      world.corrections.set(id, fields)
      return 'a'.repeat(64)
    },
    defy: async (code) => {
      world.stubborn.add(code)
      return async () => void world.stubborn.delete(code)
    },
    mayLogIn: async (role) => world.replica.loginsOpen && !world.replica.revoked.has(role),
  }
})

describeLaterWrites('memory', () => {
  const { world, ports, remove } = stageOf('laterWrites')
  let ids = 0
  // Two things that happen one after the other do so at different moments.
  const now = async () => {
    await ports.clock.sleep(1)
    return world.clock.now().toISOString()
  }
  return {
    laterWrites: ports.laterWrites,
    source: PRIMARY,
    recovered: REPLICA,
    table: 'clinic.records',
    now,
    write: async () => {
      const id = String(++ids)
      world.laterWrites.write({ table: 'clinic.records', id, at: await now() })
      return id
    },
    kept: async (name) => world.laterWrites.kept.get(name)!,
    remove,
  }
})

describeRestore('memory', () => {
  const stage = stageOf('restore')
  const { world, ports } = stage
  const now = () => new Date(world.clock.now().getTime()).toISOString()
  Object.assign(world.primary, { leaseUntilMs: Number.POSITIVE_INFINITY })
  world.withoutHistory.add(REPLICA.instance)
  let committed = 4711
  return {
    ...stage,
    source: PRIMARY,
    without: REPLICA,
    spares: [
      { region: PRIMARY.region, instance: 'clinic-g3' },
      { region: PRIMARY.region, instance: 'clinic-g4' },
    ],
    mark: async (name) => {
      world.moments.set(name, now())
      return now()
    },
    commit: async () => {
      const id = String(committed++)
      world.moments.set(id, now())
      return { id, at: now() }
    },
    ship: () => ports.clock.sleep(world.history.shippedEverySeconds * 1000),
    acceptsWrites: async (ref) => world.isWritable(ref),
  }
})

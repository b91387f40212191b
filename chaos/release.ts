import type { MemoryWorld } from '../adapters/memory/world'
import { recordRelease } from '../core/release/registry'
import type { CarriedPlan } from '../core/runbook/rollback/planned'
import type { RollbackInput } from '../core/runbook/rollback/input'
import type { Conditions } from './conditions'
import type { Moment, ReleaseFacts } from './facts'
import { policy } from './scenario'
import type { Watcher } from './watch'

const { components } = policy.releases

/** What others deploy by hand. */
const FOREIGN = { name: 'api', version: '9' }
const OTHERS = 'run-0'

/** Two releases went out, and the second one is bad. */
export async function deployTwice({ deployments, stores }: MemoryWorld): Promise<void> {
  deployments.components = components
  for (const version of ['1', '2']) {
    for (const { name } of components) deployments.deploy(name, version)
    await recordRelease(stores, {
      tag: `v${version}`,
      environment: policy.environment,
      components: Object.fromEntries(components.map(({ name }) => [name, version])),
      health: 'healthy',
      recoveryPoint: `before-v${version}`,
      actor: 'a1b2c3d4e5f6',
      recordedAt: '2026-01-01T00:00:00.000Z',
    })
  }
}

/** A platform that others change too, judged at every change that a run asks for. */
export const watchRelease: Watcher<RollbackInput> = (arena, lookout) => {
  const { deployments, stores } = arena.world
  const seen: { -readonly [What in keyof ReleaseFacts['seen']]: Moment } = {}
  const keep = (what: keyof ReleaseFacts['seen']) => (seen[what] ??= { atMs: arena.nowMs(), step: lookout.cursor })
  const leaseKey = `leases/rollback-${policy.environment}`
  const stepOf = (id: string) => lookout.run?.steps[id]
  const plan = () => stepOf('assess')?.output as unknown as CarriedPlan | undefined
  /** Components that were seen to serve with the version that they were put back to. */
  const served = new Set<string>()
  let isStale = false

  arena.onReleaseConditions = (now, before) => {
    for (const { name } of components)
      if (now.isOldReleaseSound) deployments.ill.delete(`${name} 1`)
      else deployments.ill.add(`${name} 1`)
    if (now.isDeployedByOthers && !before.isDeployedByOthers) {
      deployments.deploy(FOREIGN.name, FOREIGN.version)
      isStale ||= stepOf('assess')?.status === 'done' && stepOf('lease')?.attempt === 0
    }
    if (now.isLeaseTaken !== before.isLeaseTaken) void othersHold(now)
  }
  const othersHold = async ({ isLeaseTaken }: Conditions): Promise<void> => {
    const until = new Date(arena.world.clock.now().getTime() + (isLeaseTaken ? 86_400_000 : 0)).toISOString()
    const held = await stores.recovery.get(leaseKey)
    const taken = { owner: OTHERS, until }
    if (held) await stores.recovery.replace(leaseKey, taken, held.version)
    else await stores.recovery.create(leaseKey, taken)
  }

  const serves = deployments.serves.bind(deployments)
  deployments.serves = async (component) => {
    const answer = await serves(component)
    if (answer && (await deployments.inForce(component)) === '1') served.add(component.name)
    return answer
  }
  const put = deployments.putInForce.bind(deployments)
  deployments.putInForce = async (component, to, request) => {
    const before = deployments.effects.length
    const holder = await stores.recovery.get(leaseKey)
    const schemaFirst = component.kind === 'migrations' && to === '1' && (await programsAhead())
    await put(component, to, request)
    if (deployments.effects.length === before) return
    if ((holder?.value as { owner?: string } | undefined)?.owner !== lookout.run?.runId) keep('withoutLease')
    if (stepOf('approve')?.status !== 'done') keep('early')
    if (request.key.endsWith('/undo')) return
    if (isStale) keep('stale')
    if (schemaFirst) keep('schemaEarly')
    const changes = plan()?.changes ?? []
    const ahead = changes.slice(
      0,
      changes.findIndex(({ name }) => name === component.name),
    )
    if (ahead.some(({ name }) => !served.has(name))) keep('outOfTurn')
  }
  /** Whether a program that was planned to go back has not. */
  const programsAhead = async (): Promise<boolean> => {
    for (const { name } of plan()?.changes ?? []) {
      const component = components.find((one) => one.name === name)!
      if (component.kind !== 'migrations' && (await deployments.inForce(component)) === '2') return true
    }
    return false
  }

  return {
    look: async () => {
      for (const component of components) {
        const version = await deployments.inForce(component)
        const isForeign = component.name === FOREIGN.name && version === FOREIGN.version
        if (version !== '1' && version !== '2' && !isForeign) keep('foreign')
      }
    },
    facts: async () => {
      const planned = plan()?.changes ?? []
      const end: { back: string[]; asBefore: string[] } = { back: [], asBefore: [] }
      for (const { name, from, to } of planned) {
        const version = await deployments.inForce(components.find((one) => one.name === name)!)
        if (version === to) end.back.push(name)
        if (version === from) end.asBefore.push(name)
      }
      return { release: { seen, end } }
    },
  }
}

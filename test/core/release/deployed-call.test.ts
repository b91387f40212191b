import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryDeployments } from '../../../adapters/memory/deployments'
import { deployedCall, deployedThrough, serveDeployed } from '../../../core/release/deployed-call'
import { resolvePolicy } from '../../../policy'

const policy = resolvePolicy('test')
const [component, other] = policy.releases.components
const clock = new VirtualClock(new Date('2026-11-23T12:00:00.000Z'))

function asked() {
  const memory = new MemoryDeployments(clock)
  memory.deploy(component!.name, 'v1')
  memory.deploy(component!.name, 'v2')
  const kept: string[] = []
  const served = Object.assign(memory, { keep: async ({ name }: { name: string }) => void kept.push(name) })
  // As text and back, as it goes to a function.
  const through = deployedThrough(async (call) => serveDeployed(served, policy, deployedCall.parse({ ...call })))
  return { memory, kept, through }
}

it('tells, and keeps, what is deployed elsewhere as if it were here', async () => {
  const { memory, kept, through } = asked()
  expect(await through.inForce(component!)).toBe('v2')
  expect(await through.inForce(other!)).toBeUndefined()
  expect(await through.serves(component!)).toBe(true)
  memory.ill.add(`${component!.name} v2`)
  expect(await through.serves(component!)).toBe(false)
  expect(await through.obstacle(component!, 'v1')).toBeUndefined()
  expect(await through.obstacle(component!, 'v9')).toMatchObject({ code: 'VERSION_GONE' })
  await through.keep(component!)
  expect(kept).toEqual([component!.name])
})

it('puts nothing in force, and answers for nothing that is no component', async () => {
  const { memory, through } = asked()
  const request = { key: 'run-1/put-back' }
  await expect(through.putInForce(component!, 'v1', request)).rejects.toMatchObject({ failure: 'denied' })
  await expect(through.setAside(component!, request)).rejects.toMatchObject({ failure: 'denied' })
  expect(memory.effects).toEqual([])
  const unknown = { ...component!, name: 'database' }
  await expect(through.inForce(unknown)).rejects.toMatchObject({ failure: 'invalid', code: 'COMPONENT_UNKNOWN' })
})

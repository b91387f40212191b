import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryDeployments } from '../../../adapters/memory/deployments'
import type { Component } from '../../../core/ports/deployments'
import { resolvePolicy } from '../../../policy'
import { describeDeployments } from '../../contracts/deployments'

const SETTLE_SECONDS = 30
const { components } = resolvePolicy('test').releases
const named = (name: string): Component => components.find((component) => component.name === name)!

/** A component whose own versions and those of what it needs went out twice. */
function stageOf(component: Component) {
  const clock = new VirtualClock()
  const deployments = new MemoryDeployments(clock)
  deployments.components = components
  deployments.settleSeconds = SETTLE_SECONDS
  for (const { name } of components) for (const version of ['1', '2', '3']) deployments.deploy(name, version)
  return {
    deployments,
    component,
    current: '3',
    previous: '2',
    gone: '0',
    changes: () => deployments.effects.length,
    settle: () => clock.sleep(SETTLE_SECONDS * 1000),
    ail: () => void deployments.ill.add(`${component.name} 3`),
  }
}

describeDeployments('memory, a function', () => stageOf(named('api')))

describeDeployments('memory, migrations', () => {
  const stage = stageOf(named('schema'))
  stage.deployments.irreversible.add('schema 2')
  return {
    ...stage,
    unreachable: { version: '1', migration: 'schema 2' },
    write: () => {
      stage.deployments.deploy('schema', '3', [
        { table: 'clinic.notes', rows: 7, how: 'kept', where: 'clinic.notes_3' },
      ])
      return 7
    },
  }
})

it('does not serve while something does not that it depends on', async () => {
  const { deployments } = stageOf(named('web'))
  expect(await deployments.serves(named('web'))).toBe(true)
  deployments.ill.add('settings 3')
  expect(await deployments.serves(named('web'))).toBe(false)
})

it('is not in force before its time, and never where it is stuck', async () => {
  const { deployments, settle } = stageOf(named('api'))
  await deployments.putInForce(named('api'), '2', { key: 'k' })
  expect(await deployments.inForce(named('api'))).toBe('3')
  await settle()
  expect(await deployments.inForce(named('api'))).toBe('2')
  deployments.stuck.add('web')
  await deployments.putInForce(named('web'), '2', { key: 'w' })
  await settle()
  expect(await deployments.inForce(named('web'))).toBe('3')
})

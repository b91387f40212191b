import { copyChange } from '../../../core/configuration/copy-change'
import { configurationAtDesk, type ConfigurationDeskWorld } from '../../../core/configuration/configuration-desk'
import { backupEnvironment } from '../../../core/configuration/environment'
import { serveRestore, type RestoreWorld } from '../../../core/configuration/restore-call'
import type { RestoreCall } from '../../../core/ports/configuration-restores'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'
import { PortError } from '../../../core/ports/errors'
import { resolvePolicy } from '../../../policy'
import { makeWorld } from './world'

const HOST = '/neonpro/configuration/mail/host'
const PASSWORD = '/neonpro/configuration/mail/password'
const CANARY = 'correct-horse-battery'
const confirmed = { reasonCode: 'REGION_LOST', person: 'aaaaaaaaaaaa' }

interface Plan {
  readonly plan: { readonly put: readonly string[]; readonly remove: readonly string[] }
  readonly digest: string
}

/** The recovery region, whose own settings are empty, with copies of what the primary one had. */
function recoveryRegion() {
  const primary = makeWorld()
  const recovery = makeWorld()
  const drafts: EvidenceDraft[] = []
  const world: RestoreWorld = {
    region: 'eu-west-1',
    configuration: recovery.configuration,
    copy: primary.copies[1],
    clock: primary.clock,
    evidence: { append: async (draft) => (drafts.push(draft), { id: 'e', sequence: 0, hash: 'f' }) },
  }
  const ask = (call: RestoreCall) => serveRestore(world, call)
  const inForce = async () => {
    const found: Record<string, string> = {}
    for await (const { name, value } of recovery.configuration.settings()) found[name] = value
    return found
  }
  const backup = () => backupEnvironment(primary.source, primary.configuration, primary.copies, primary.clock)
  return { primary, recovery, drafts, world, ask, inForce, backup }
}

it('lists, shows, plans and restores an environment, and says no value of it', async () => {
  const { primary, drafts, ask, inForce, backup } = recoveryRegion()
  await primary.configuration.put({ name: HOST, kind: 'plain', value: 'mail.example' })
  await primary.configuration.put({ name: PASSWORD, kind: 'sealed', value: CANARY })
  const { key } = await backup()
  const said = [
    await ask({ verb: 'versions', source: 'sa-east-1' }),
    await ask({ verb: 'show', key }),
    await ask({ verb: 'plan', key }),
  ]
  expect(said[0]).toEqual({ keys: [key], more: 0 })
  expect(said[1]).toMatchObject({ settings: [{ name: HOST }, { name: PASSWORD, kind: 'sealed' }] })
  const { plan, digest } = said[2] as Plan
  expect([plan.put, await inForce()]).toEqual([[HOST, PASSWORD], {}])
  said.push(await ask({ verb: 'apply', key, digest, ...confirmed }))
  expect(await inForce()).toEqual({ [HOST]: 'mail.example', [PASSWORD]: CANARY })
  expect(drafts.map(({ kind, actor }) => [kind, actor])).toEqual([
    ['configuration-restore-begun', 'person-aaaaaaaaaaaa'],
    ['configuration-restore-ended', 'person-aaaaaaaaaaaa'],
  ])
  expect(JSON.stringify([said, drafts])).not.toMatch(new RegExp(`${CANARY}|mail.example`))
})

it('restores any version of one setting', async () => {
  const { primary, ask, inForce } = recoveryRegion()
  for (const value of ['one', 'two']) await primary.configuration.put({ name: HOST, kind: 'plain', value })
  await copyChange(
    { ...primary, deadlineSeconds: 45, retryEverySeconds: 5 },
    { name: HOST, kind: 'put', changedAt: primary.clock.now().toISOString() },
  )
  const { keys } = (await ask({ verb: 'versions', source: 'sa-east-1', setting: HOST })) as { keys: string[] }
  expect(keys).toHaveLength(2)
  const oldest = keys[1]!
  const { digest } = (await ask({ verb: 'plan', key: oldest })) as Plan
  await ask({ verb: 'apply', key: oldest, digest, ...confirmed })
  expect(await inForce()).toEqual({ [HOST]: 'one' })
  expect(await ask({ verb: 'plan', key: oldest })).toMatchObject({ plan: { put: [], unchanged: 1 } })
})

it('carries out no plan that is another one by now, and changes nothing then', async () => {
  const { primary, recovery, drafts, ask, inForce, backup } = recoveryRegion()
  await primary.configuration.put({ name: HOST, kind: 'plain', value: 'old' })
  const { key } = await backup()
  const { digest } = (await ask({ verb: 'plan', key })) as Plan
  await recovery.configuration.put({ name: HOST, kind: 'plain', value: 'somebody else' })
  await expect(ask({ verb: 'apply', key, digest, ...confirmed })).rejects.toMatchObject({
    failure: 'conflict',
    code: 'PLAN_CHANGED',
  })
  expect([await inForce(), drafts]).toEqual([{ [HOST]: 'somebody else' }, []])
})

it('changes nothing while no record of it can be left', async () => {
  const { primary, world, inForce, backup } = recoveryRegion()
  await primary.configuration.put({ name: HOST, kind: 'plain', value: 'old' })
  const { key } = await backup()
  const { digest } = (await serveRestore(world, { verb: 'plan', key })) as Plan
  const append = () => Promise.reject(new PortError('unreachable', 'TIMEOUT', 'no answer'))
  const call = { verb: 'apply', key, digest, ...confirmed } as const
  await expect(serveRestore({ ...world, evidence: { append } }, call)).rejects.toMatchObject({ code: 'TIMEOUT' })
  expect(await inForce()).toEqual({})
})

it('is asked for at the desk by those alone who hold the role for one task', async () => {
  const asked: unknown[] = []
  const desk = (role: string) =>
    ({
      ...recoveryRegion().world,
      policy: resolvePolicy('test'),
      actor: { role, person: 'aaaaaaaaaaaa' },
      configuration: { ask: async (region: string, call: RestoreCall) => (asked.push([region, call]), {}) },
    }) as unknown as ConfigurationDeskWorld
  const call = {
    operation: 'restore-configuration',
    region: 'recovery',
    key: 'environments/x',
    digest: '0123456789abcdef',
    reasonCode: 'REGION_LOST',
  } as const
  for (const role of ['operator', 'incident-commander', 'auditor', 'break-glass'])
    await expect(configurationAtDesk(desk(role), call)).rejects.toMatchObject({ code: 'ROLE_MAY_NOT' })
  expect(asked).toEqual([])
  await configurationAtDesk(desk('restore-operator'), call)
  const { key, digest } = call
  expect(asked).toEqual([['recovery', { verb: 'apply', key, digest, ...confirmed }]])
})

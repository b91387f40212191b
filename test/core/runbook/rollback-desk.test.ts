import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import type { MemoryWorld } from '../../../adapters/memory/world'
import { incidentUnder, openIncident } from '../../../core/coordination/incidents'
import { loadRun, saveRun } from '../../../core/coordination/run-journal'
import { EvidenceChain } from '../../../core/evidence'
import { drive } from '../../../core/runbook/engine'
import type { RunState } from '../../../core/runbook/model'
import { rollback } from '../../../core/runbook/rollback'
import { applyRollbackAtDesk, planRollbackAtDesk, type RollbackDeskWorld } from '../../../core/runbook/rollback/desk'
import type { RollbackInput } from '../../../core/runbook/rollback/input'
import { policy, releasedWorld } from './released'

const REASON = 'Critical bug causing data corruption'
const WANTED = { type: 'full' } as const
const INSTANCES = {
  primary: { region: 'sa-east-1', instance: 'g1' },
  replica: { region: 'eu-west-1', instance: 'g2' },
}

let around: MemoryWorld
let records: MemoryWriteOnceStore
let started: RunState[]
beforeEach(async () => {
  around = await releasedWorld()
  records = new MemoryWriteOnceStore()
  started = []
})

const desk = (role = 'operator', person = 'ab'.repeat(6)): RollbackDeskWorld => ({
  policy,
  places: around.stores,
  evidence: new EvidenceChain(records, {
    region: 'eu-west-1',
    writer: 'desk',
    environment: 'test',
    policyHash: 'f'.repeat(64),
  }),
  clock: around.clock,
  actor: { role, person },
  deployments: around.deployments,
  machines: { has: () => true, start: async (_, run) => (started.push(run), 'started') },
  instances: INSTANCES,
})
async function keptRecords(): Promise<string[]> {
  const kept: string[] = []
  for await (const key of records.keys('records/')) kept.push((await records.get(key))!)
  return kept
}
const plan = () => planRollbackAtDesk(desk(), WANTED)
const apply = async (digest: string, reason = REASON) => applyRollbackAtDesk(desk(), { wanted: WANTED, digest, reason })

it('plans what the run then sees, so that the run finds its plan unchanged', async () => {
  const { digest, plan: shown } = await plan()
  expect(shown.changes.map(({ name }) => name)).toEqual(['stacks', 'settings', 'api', 'assets', 'web', 'schema'])
  const { id } = await apply(digest)
  const { input, mode, startedBy } = (await loadRun<RollbackInput>(around.stores.recovery, id))!
  expect([mode, startedBy, input.planHash]).toEqual(['real', 'ab'.repeat(6), digest])
  const ports = around.ports()
  const run = await drive(rollback, ports, { runId: id, mode, startedBy, input: { ...input, operation: 'automatic' } })
  expect(run.steps['assess']).toMatchObject({ status: 'done', output: { digest } })
})

it('refuses a plan that is stale, and changes nothing', async () => {
  const { digest } = await plan()
  around.deployments.deploy('web', 'web-1')
  await expect(apply(digest)).rejects.toMatchObject({ failure: 'conflict', code: 'PLAN_STALE' })
  expect(started).toEqual([])
})

it('names a migration without a way back with its choices, and starts nothing', async () => {
  around.deployments.irreversible.add('schema schema-2')
  const { digest, plan: shown } = await plan()
  expect(shown.obstacles).toEqual([
    {
      component: 'schema',
      code: 'IRREVERSIBLE',
      what: 'schema schema-2',
      choices: ['forward-fix', 'point-in-time-recovery', 'partial-without'],
    },
  ])
  await expect(apply(digest)).rejects.toMatchObject({ code: 'IRREVERSIBLE' })
  expect(started).toEqual([])
})

it('goes on with the run of a plan that was begun, although the platform is another by now', async () => {
  const { digest } = await plan()
  const first = await apply(digest)
  around.deployments.deploy('settings', 'settings-1')
  expect(await apply(digest)).toMatchObject({ id: first.id, incident: first.incident })
})

it('lets another person go on with it, whose run it does not become', async () => {
  const { digest } = await plan()
  const { id } = await apply(digest)
  const other = desk('operator', 'cd'.repeat(6))
  expect(await applyRollbackAtDesk(other, { wanted: WANTED, digest, reason: REASON })).toMatchObject({
    id,
    started: true,
  })
  expect(await loadRun(around.stores.recovery, id)).toMatchObject({ startedBy: 'ab'.repeat(6) })
  expect(
    (await keptRecords()).filter((text) =>
      /"rollback-applied".*person-cdcd|person-cdcd.*"rollback-applied"/s.test(text),
    ),
  ).toHaveLength(1)
})

it('begins a new run where the one of the same plan has stopped', async () => {
  const { digest } = await plan()
  const { id } = await apply(digest)
  const run = (await loadRun<RollbackInput>(around.stores.recovery, id))!
  await saveRun(around.stores.recovery, { ...run, outcome: 'stopped' })
  expect((await apply(digest)).id).toBe(`${id}-2`)
})

it('keeps the words with the incident that stands open, and their hash alone in the evidence', async () => {
  await openIncident(around.stores.recovery, {
    id: 'release-ill-7',
    scenario: 'deployment-failure',
    severity: 'high',
    reasonCode: 'ALARM_RELEASE_ILL',
    guide: 'disasters.md#deployment-failure',
    openedBy: 'incident-intake',
    openedAt: around.clock.now().toISOString(),
  })
  const { incident } = await apply((await plan()).digest)
  expect(incident).toBe('release-ill-7')
  expect(await incidentUnder(around.stores.recovery, incident)).toMatchObject({ reason: REASON })
  const kept = await keptRecords()
  expect(kept.join()).toContain('"reasonHash"')
  expect(kept.join()).not.toContain(REASON)
})

it.each([
  ['an empty reason', ' ', 'REASON_MISSING'],
  ['an address', 'jane@example.org cannot log in', 'REASON_PERSONAL_DATA'],
  ['a number of a person', 'CPF 111.444.777-35 is wrong', 'REASON_PERSONAL_DATA'],
])('refuses %s before anything is stored', async (_, reason, code) => {
  const { digest } = await plan()
  await expect(apply(digest, reason)).rejects.toMatchObject({ failure: 'invalid', code })
  expect(started).toEqual([])
})

it('is for whoever may start runbooks', async () => {
  await expect(planRollbackAtDesk(desk('auditor'), WANTED)).rejects.toMatchObject({ failure: 'denied' })
  const call = applyRollbackAtDesk(desk('auditor'), { wanted: WANTED, digest: 'f'.repeat(64), reason: REASON })
  await expect(call).rejects.toMatchObject({ failure: 'denied' })
})

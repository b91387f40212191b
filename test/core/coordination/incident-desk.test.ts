import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { closeAtDesk, incidentsAtDesk } from '../../../core/coordination/incident-desk'
import { openIncident } from '../../../core/coordination/incidents'
import type { Actor, OperatorWorld } from '../../../core/operator'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'
import { resolvePolicy } from '../../../policy'

const COMMANDER: Actor = { role: 'incident-commander', person: 'bbbbbbbbbbbb' }

async function desk() {
  const places = { recovery: new MemoryConditionalStore(), witness: new MemoryConditionalStore() }
  const drafts: EvidenceDraft[] = []
  const incident = (id: string, openedAt: string) => ({
    id,
    scenario: 'data-center-outage',
    severity: 'critical' as const,
    reasonCode: 'ALARM_REGION_LOST',
    guide: 'disasters.md#data-center-outage',
    openedBy: 'incident-intake',
    openedAt,
  })
  await openIncident(places.recovery, incident('i-2', '2026-11-23T13:00:00.000Z'))
  await openIncident(places.witness, incident('i-1', '2026-11-23T12:00:00.000Z'))
  const as = (actor: Actor): OperatorWorld => ({
    policy: resolvePolicy('test'),
    places,
    clock: new VirtualClock(new Date('2026-11-23T13:30:00.000Z')),
    evidence: { append: async (draft) => (drafts.push(draft), { id: 'e', sequence: 0, hash: 'f' }) },
    actor,
  })
  return { as, drafts }
}

it('lists what is open in either place, oldest first, and closes it for the person who asks', async () => {
  const { as, drafts } = await desk()
  const { open } = await incidentsAtDesk(as(COMMANDER))
  expect(open.map(({ id, openMinutes }) => [id, openMinutes])).toEqual([
    ['i-1', 90],
    ['i-2', 30],
  ])
  await closeAtDesk(as(COMMANDER), { id: 'i-1', causeCode: 'NETWORK_CUT' })
  expect((await incidentsAtDesk(as(COMMANDER))).open.map(({ id }) => id)).toEqual(['i-2'])
  expect(drafts).toEqual([expect.objectContaining({ kind: 'incident-closed', actor: 'person-bbbbbbbbbbbb' })])
})

it('closes nothing for whoever acts on it, and shows nothing to whoever may see no state', async () => {
  const { as, drafts } = await desk()
  const of = (role: string) => as({ role, person: 'cccccccccccc' })
  for (const role of ['operator', 'auditor', 'some-service'])
    await expect(closeAtDesk(of(role), { id: 'i-1', causeCode: 'NETWORK_CUT' })).rejects.toMatchObject({
      failure: 'denied',
      code: 'ROLE_MAY_NOT',
    })
  await expect(incidentsAtDesk(of('records-commission'))).rejects.toMatchObject({ code: 'ROLE_MAY_NOT' })
  expect(drafts).toEqual([])
})

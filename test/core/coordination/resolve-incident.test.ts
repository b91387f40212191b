import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { openIncident, openIncidents } from '../../../core/coordination/incidents'
import { resolveIncident } from '../../../core/coordination/resolve-incident'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'

const request = { incident: 'i-1', closedBy: 'operator-1', causeCode: 'NETWORK_CUT' }

async function closing() {
  const places = { recovery: new MemoryConditionalStore(), witness: new MemoryConditionalStore() }
  const drafts: EvidenceDraft[] = []
  const evidence = { append: async (draft: EvidenceDraft) => (drafts.push(draft), { id: 'e', sequence: 0, hash: 'f' }) }
  const clock = new VirtualClock(new Date('2026-11-23T13:30:00.000Z'))
  await openIncident(places.witness, {
    id: 'i-1',
    scenario: 'data-center-outage',
    severity: 'critical',
    reasonCode: 'ALARM_REGION_LOST',
    guide: 'disasters.md#data-center-outage',
    openedBy: 'incident-intake',
    openedAt: '2026-11-23T12:00:00.000Z',
  })
  return { world: { places, evidence, clock }, drafts, clock }
}

it('closes an incident wherever it is held, and records how long it took', async () => {
  const { world, drafts } = await closing()
  expect(await resolveIncident(world, request)).toEqual({ incident: 'i-1', closedAt: '2026-11-23T13:30:00.000Z' })
  expect(await openIncidents(world.places.witness)).toEqual([])
  expect(drafts).toEqual([
    expect.objectContaining({
      key: 'incident/i-1/closed',
      actor: 'operator-1',
      measurements: { incident: 'i-1', cause: 'NETWORK_CUT', severity: 'critical', openMinutes: 90 },
    }),
  ])
})

it('keeps the first time when it is closed again', async () => {
  const { world, clock, drafts } = await closing()
  await resolveIncident(world, request)
  await clock.sleep(60_000)
  expect(await resolveIncident(world, request)).toMatchObject({ closedAt: '2026-11-23T13:30:00.000Z' })
  expect(drafts[1]!.measurements).toEqual(drafts[0]!.measurements)
})

it('refuses an incident that nobody opened', async () => {
  const { world, drafts } = await closing()
  await expect(resolveIncident(world, { ...request, incident: 'i-2' })).rejects.toMatchObject({
    code: 'INCIDENT_UNKNOWN',
  })
  expect(drafts).toEqual([])
})

import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { Recorder } from '../../../adapters/memory/faults'
import { MemoryRunbookMachines } from '../../../adapters/memory/runbook-machines'
import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import { PRIMARY, REPLICA } from '../../../adapters/memory/world'
import { openIncidents } from '../../../core/coordination/incidents'
import { ALARMS, alarmName, type AlarmDeclaration, type AlarmId } from '../../../core/detection/alarms'
import { takeAlarm } from '../../../core/detection/intake'
import { RESPONSES, type RunbookName } from '../../../core/detection/scenarios'
import { EvidenceChain } from '../../../core/evidence'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import { resolvePolicy } from '../../../policy'

const policy = resolvePolicy('production')
const PREFIX = `${policy.application}-${policy.environment}`

function intake(executable: readonly RunbookName[] = ['region-failover']) {
  const stores = { recovery: new MemoryConditionalStore(), witness: new MemoryConditionalStore() }
  const recorder = new Recorder()
  const machines = new MemoryRunbookMachines(executable)
  const evidence = new MemoryWriteOnceStore()
  const identity = { region: 'eu-west-1', writer: 'operations', environment: 'production', policyHash: 'f'.repeat(64) }
  const world = {
    policy,
    places: {
      recovery: recorder.watch<ConditionalStore>('recovery', stores.recovery),
      witness: recorder.watch<ConditionalStore>('witness', stores.witness),
    },
    machines,
    evidence: recorder.watch('evidence', new EvidenceChain(evidence, identity)),
    clock: new VirtualClock(new Date('2026-11-23T12:10:00.000Z')),
    instances: { primary: PRIMARY, replica: REPLICA },
  }
  const ring = (id: AlarmId, at = '2026-11-23T12:09:00.000Z', subject?: string) =>
    takeAlarm(world, { alarmName: alarmName(PREFIX, id, subject), region: 'eu-west-1', at: new Date(at) })
  const records = async () => {
    const found: string[] = []
    for await (const key of evidence.keys('records/')) found.push(key)
    return found
  }
  return { world, stores, recorder, machines, ring, records }
}

describe('a ringing alarm', () => {
  it('opens an incident with the severity, the reason and the guide of its disaster', async () => {
    const { ring, stores } = intake()
    await ring('region-lost')
    expect(await openIncidents(stores.recovery)).toEqual([
      {
        id: 'region-lost-eu-west-1-20261123T1200',
        scenario: 'data-center-outage',
        severity: 'critical',
        reasonCode: 'ALARM_REGION_LOST',
        guide: 'disasters.md#data-center-outage',
        openedBy: 'incident-intake',
        openedAt: '2026-11-23T12:09:00.000Z',
      },
    ])
  })

  it('starts the plan of the region failover, which changes nothing', async () => {
    const { ring, machines } = intake()
    expect(await ring('region-lost')).toMatchObject({ answer: { kind: 'plan', runbook: 'region-failover' } })
    const [started] = machines.started.values()
    expect(started).toMatchObject({
      runbook: 'region-failover',
      run: {
        runbook: 'region-failover',
        mode: 'dry-run',
        runId: 'region-lost-eu-west-1-20261123T1200',
        input: { primary: PRIMARY, replica: REPLICA, reasonCode: 'ALARM_REGION_LOST' },
      },
    })
  })

  it.each(Object.entries(RESPONSES).filter(([, { runbook }]) => runbook !== 'region-failover'))(
    'says for %s which procedure people take, as long as no machine executes it',
    async (scenario, response) => {
      const { ring, machines, stores } = intake(['region-failover'])
      const [id] = Object.entries<AlarmDeclaration>(ALARMS).find(([, { opens }]) => opens === scenario)!
      expect(await ring(id as AlarmId)).toMatchObject({ answer: { kind: 'people', runbook: response.runbook } })
      expect(machines.started.size).toBe(0)
      const [incident] = await openIncidents(stores.recovery)
      const guide = scenario === 'weakened-protection' ? ALARMS[id as AlarmId].guide : response.byHand
      expect(incident).toMatchObject({ scenario, guide })
    },
  )

  it('asks people in a region that has no machine for the runbook', async () => {
    const { ring, machines } = intake([])
    expect(await ring('region-lost')).toMatchObject({ answer: { kind: 'people', runbook: 'region-failover' } })
    expect(machines.started.size).toBe(0)
  })

  it('joins its incident when it rings again in the same window, and opens another one after it', async () => {
    const { ring, stores, machines, records } = intake()
    await ring('region-lost', '2026-11-23T12:01:00.000Z')
    await ring('region-lost', '2026-11-23T12:59:00.000Z')
    expect(await openIncidents(stores.recovery)).toHaveLength(1)
    expect([machines.started.size, (await records()).length]).toEqual([1, 1])
    await ring('region-lost', '2026-11-23T13:00:00.000Z')
    expect(await openIncidents(stores.recovery)).toHaveLength(2)
  })

  it('is healed by the next attempt after a failure anywhere in between', async () => {
    for (const call of ['recovery.create', 'evidence.append']) {
      const { ring, recorder, stores, machines, records } = intake()
      let left = 1
      recorder.faultOf = (made) => (made === call && left-- > 0 ? 'denied' : undefined)
      await expect(ring('region-lost')).rejects.toMatchObject({ failure: 'denied' })
      await ring('region-lost')
      expect(await openIncidents(stores.recovery)).toHaveLength(1)
      expect([machines.started.size, (await records()).length]).toEqual([1, 1])
    }
  })

  it('goes to the witness while the recovery region does not answer', async () => {
    const { ring, recorder, stores } = intake()
    recorder.faultOf = (made) => (made.startsWith('recovery.') ? 'unreachable' : undefined)
    await ring('lease-stale')
    expect(await openIncidents(stores.witness)).toHaveLength(1)
    expect(await openIncidents(stores.recovery)).toEqual([])
  })

  it('opens nothing as a mere signal, and nothing for an alarm that is not ours', async () => {
    const { world, ring, stores } = intake()
    expect(await ring('primary-unreachable')).toEqual({ outcome: 'signal' })
    const foreign = { alarmName: 'somebody/region-lost', region: 'eu-west-1', at: new Date() }
    expect(await takeAlarm(world, foreign)).toEqual({ outcome: 'foreign' })
    expect(await openIncidents(stores.recovery)).toEqual([])
  })

  it('makes ids that fit the name of an execution, whatever the alarm is about', async () => {
    const { ring } = intake()
    const taken = await ring('function-errors', undefined, 'runbook-switch-traffic')
    const id = taken.outcome === 'incident' ? taken.incident.id : ''
    expect(id).toBe('function-errors-runbook-switch-traffic-eu-west-1-20261123T1200')
    expect(id).toMatch(/^[\w-]{1,80}$/)
  })
})

describe('the register', () => {
  it('has an alarm for every scenario, and none of a disaster that is milder than its response', () => {
    const rank = { medium: 1, high: 2, critical: 3 }
    for (const [scenario, response] of Object.entries(RESPONSES)) {
      const alarms = Object.values<AlarmDeclaration>(ALARMS).filter(({ opens }) => opens === scenario)
      expect(alarms.length).toBeGreaterThan(0)
      expect(alarms.filter(({ severity }) => rank[severity] < rank[response.severity])).toEqual([])
    }
  })
})

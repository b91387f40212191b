import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { Recorder } from '../../../adapters/memory/faults'
import { MemoryRunbookMachines } from '../../../adapters/memory/runbook-machines'
import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import { PRIMARY, REPLICA } from '../../../adapters/memory/world'
import { closeIncident, openIncidents } from '../../../core/coordination/incidents'
import { ALARMS, alarmName, type AlarmDeclaration, type AlarmId } from '../../../core/detection/alarms'
import { takeAlarm, takeCall, takeDataFinding, takeFinding } from '../../../core/detection/intake'
import type { Examined } from '../../../core/detection/plans'
import { RESPONSES, type RunbookName } from '../../../core/detection/scenarios'
import { SENSITIVE_CALLS, type SensitiveCall } from '../../../core/detection/sensitive-calls'
import { EvidenceChain } from '../../../core/evidence'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import type { Protection } from '../../../core/ports/compliance'
import type { IntrusionFinding } from '../../../core/runbook/isolate-and-recover/input'
import { nextDatabaseName } from '../../../core/policy/names'
import type { Policy } from '../../../core/policy'
import { resolvePointInTimeInput } from '../../../core/runbook/point-in-time-recovery/input'
import { resolveRestoreTestInput } from '../../../core/runbook/restore-test/input'
import { resolvePolicy } from '../../../policy'
import { exampleOf } from './example-of'

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
  const ring = (id: AlarmId, at = '2026-11-23T12:09:00.000Z', subject?: string, examined?: Examined) =>
    takeAlarm(examined ? { ...world, examine: async () => examined } : world, {
      alarmName: alarmName(PREFIX, id, subject),
      region: 'eu-west-1',
      at: new Date(at),
    })
  const at = new Date('2026-11-23T12:09:00.000Z')
  const call = (name: string, service: string, refused = false, parameters = {}) =>
    takeCall(world, { region: 'us-east-1', at, service: `${service}.amazonaws.com`, name, parameters, refused })
  const find = (type: string, severity: number) => takeFinding(world, { region: 'sa-east-1', at, type, severity })
  const attack = (finding: IntrusionFinding) => takeDataFinding(world, { region: 'sa-east-1', at, finding })
  const records = async () => {
    const found: string[] = []
    for await (const key of evidence.keys('records/')) found.push(key)
    return found
  }
  return { world, stores, recorder, machines, ring, call, find, attack, records }
}

describe('data that is attacked', () => {
  it('opens one incident whatever is found first, and plans its isolation and recovery', async () => {
    const { attack, stores, machines } = intake(['isolate-and-recover'])
    await attack('APPEND_ONLY_CHANGED')
    await attack('DELETION_RATE')
    expect(await openIncidents(stores.recovery)).toMatchObject([
      {
        id: 'data-attacked-sa-east-1-20261123T1200',
        scenario: 'security-incident',
        severity: 'critical',
        reasonCode: 'FINDING_DATA_ATTACKED',
        guide: RESPONSES['security-incident'].byHand,
      },
    ])
    expect([...machines.started.values()].map(({ runbook, run }) => [runbook, run.mode])).toEqual([
      ['isolate-and-recover', 'dry-run'],
    ])
  })

  it('is for people where no machine isolates', async () => {
    const { attack } = intake([])
    expect(await attack('DELETION_RATE')).toMatchObject({ answer: { kind: 'people', runbook: 'isolate-and-recover' } })
  })
})

describe('what was found out about a disaster', () => {
  const executable = ['zone-failover', 'region-failover', 'point-in-time-recovery', 'compliance-remediation'] as const
  const clean = { ref: REPLICA, kind: 'replica', verdict: 'pass' } as const
  const lastGood = { kind: 'transaction', id: '4711' } as const
  const planned = async (id: AlarmId, examined: Examined) => {
    const { ring, machines } = intake(executable)
    const { answer } = (await ring(id, undefined, undefined, examined)) as { answer: unknown }
    return { answer, run: [...machines.started.values()][0]?.run }
  }

  it('plans the promotion of the copy that is proved clean where a page is damaged', async () => {
    const { answer, run } = await planned('data-integrity', { corruption: { damage: 'page', copies: [clean] } })
    expect(answer).toEqual({ kind: 'plan', runbook: 'region-failover' })
    expect(run).toMatchObject({ mode: 'dry-run', input: { writer: PRIMARY, successor: REPLICA } })
  })

  it('plans the return to before the first bad transaction where values are wrong', async () => {
    const { answer, run } = await planned('data-integrity', {
      corruption: { damage: 'content', copies: [clean], lastGood },
    })
    expect(answer).toEqual({ kind: 'plan', runbook: 'point-in-time-recovery' })
    expect(run).toMatchObject({ mode: 'dry-run', input: { writer: PRIMARY, target: lastGood } })
  })

  it('leaves to people what our roles could not restore, and says so before a run has begun', async () => {
    const imported = { mode: 'import', generation: 1, instanceIdentifier: PRIMARY.instance }
    const ours = { ...policy, imports: { ...policy.imports, database: imported } } as unknown as Policy
    const { world, machines } = intake(executable)
    const examine = async () => ({ corruption: { damage: 'content', copies: [], lastGood } }) as const
    const ringing = {
      alarmName: alarmName(PREFIX, 'data-integrity'),
      region: 'eu-west-1',
      at: new Date('2026-11-23T12:09:00.000Z'),
    }
    expect(await takeAlarm({ ...world, policy: ours, examine }, ringing)).toMatchObject({
      answer: { kind: 'people', runbook: 'point-in-time-recovery' },
    })
    expect(machines.started.size).toBe(0)
    const move = { incidentId: 'i', reasonCode: 'R', writer: PRIMARY, successor: REPLICA }
    expect(() => resolvePointInTimeInput(ours, { ...move, target: lastGood })).toThrow(
      expect.objectContaining({ failure: 'conflict', code: 'IMPORTED_DATABASE' }),
    )
    expect(() => resolveRestoreTestInput(ours, { ...move, target: lastGood })).toThrow(
      expect.objectContaining({ code: 'IMPORTED_DATABASE' }),
    )
  })

  it('plans to cut access and to recover beside, under the first name that nothing has', async () => {
    const { ring, machines } = intake(['isolate-and-recover'])
    expect(await ring('rows-changing')).toMatchObject({ answer: { kind: 'plan', runbook: 'isolate-and-recover' } })
    expect([...machines.started.values()][0]?.run).toMatchObject({
      mode: 'dry-run',
      input: { writer: PRIMARY, successor: { region: PRIMARY.region, instance: nextDatabaseName(policy) } },
    })
  })

  it('leaves to people a corruption of which nobody knows the last good state', async () => {
    const { answer, run } = await planned('data-integrity', { corruption: { damage: 'content', copies: [clean] } })
    expect(answer).toEqual({ kind: 'people', runbook: 'point-in-time-recovery' })
    expect(run).toBeUndefined()
  })

  it('plans the remedy of the violations, and nothing where none was found', async () => {
    const declared = { kind: 'trail', region: 'sa-east-1', name: 'trail', records: true } as unknown as Protection
    const { answer, run } = await planned('compliance', { violations: [{ code: 'trail-stopped', declared }] })
    expect(answer).toEqual({ kind: 'plan', runbook: 'compliance-remediation' })
    expect(run).toMatchObject({ mode: 'dry-run', input: { findings: [{ code: 'trail-stopped' }] } })
    expect((await planned('compliance', { violations: [] })).answer).toMatchObject({ kind: 'people' })
    expect((await planned('compliance', {})).run).toMatchObject({ input: { findings: [], region: REPLICA.region } })
  })

  it('is not asked for where a zone is lost: the standby of it is the answer', async () => {
    const { answer, run } = await planned('database-failing-over', {})
    expect(answer).toEqual({ kind: 'plan', runbook: 'zone-failover' })
    expect(run).toMatchObject({ mode: 'dry-run', input: { writer: PRIMARY, successor: PRIMARY, observer: REPLICA } })
  })
})

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
        input: { writer: PRIMARY, successor: REPLICA, reasonCode: 'ALARM_REGION_LOST' },
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

  it('opens another one where its incident was closed, with a plan and a record of its own', async () => {
    const { ring, stores, machines, records } = intake()
    await ring('region-lost', '2026-11-23T12:01:00.000Z')
    const first = 'region-lost-eu-west-1-20261123T1200'
    await closeIncident(stores.recovery, first, new Date('2026-11-23T12:20:00.000Z'))
    await ring('region-lost', '2026-11-23T12:40:00.000Z')
    await ring('region-lost', '2026-11-23T12:41:00.000Z')
    expect(await openIncidents(stores.recovery)).toEqual([
      expect.objectContaining({ id: `${first}-2`, openedAt: '2026-11-23T12:40:00.000Z' }),
    ])
    expect([[...machines.started.keys()], (await records()).length]).toEqual([[first, `${first}-2`], 2])
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

describe('a sensitive call', () => {
  it('opens an incident as grave as its kind, with the guide of its kind, where it was made', async () => {
    const { call, stores } = intake()
    expect(await call('DeleteRecoveryPoint', 'backup')).toMatchObject({ answer: { runbook: 'isolate-and-recover' } })
    expect(await openIncidents(stores.recovery)).toEqual([
      {
        id: 'recovery-point-ended-us-east-1-20261123T1200',
        scenario: 'security-incident',
        severity: 'critical',
        reasonCode: 'CALL_RECOVERY_POINT_ENDED',
        guide: 'sensitive-calls.md#recovery-point-ended',
        openedBy: 'incident-intake',
        openedAt: '2026-11-23T12:09:00.000Z',
      },
    ])
  })

  it('opens a milder incident of its own when it was refused', async () => {
    const { call, stores } = intake()
    await call('DisableKey', 'kms', true)
    await call('DisableKey', 'kms')
    expect((await openIncidents(stores.recovery)).map(({ severity, reasonCode }) => [severity, reasonCode])).toEqual([
      ['high', 'CALL_KEY_DISABLED_REFUSED'],
      ['critical', 'CALL_KEY_DISABLED'],
    ])
  })

  it('is one by its parameters where others of its name are harmless', async () => {
    const { call } = intake()
    const modify = (parameters: object) => call('ModifyDBInstance', 'rds', false, parameters)
    expect(await modify({ dBInstanceIdentifier: 'x', allocatedStorage: 300 })).toEqual({ outcome: 'foreign' })
    expect(await modify({ deletionProtection: true })).toEqual({ outcome: 'foreign' })
    const reasonOf = async (parameters: object) => {
      const taken = await modify(parameters)
      return taken.outcome === 'incident' && taken.incident.reasonCode
    }
    expect(await reasonOf({ deletionProtection: false })).toBe('CALL_DELETION_PROTECTION_LIFTED')
    expect(await reasonOf({ backupRetentionPeriod: 0 })).toBe('CALL_HISTORY_SHORTENED')
    expect(await reasonOf({ backupRetentionPeriod: 34 })).toBe('CALL_HISTORY_SHORTENED')
    expect(await modify({ backupRetentionPeriod: policy.backup.pointInTimeRetentionDays })).toEqual({
      outcome: 'foreign',
    })
  })

  it.each(
    ['Role', 'User', 'Group'].flatMap((holder) => [
      `Attach${holder}Policy`,
      `Detach${holder}Policy`,
      `Put${holder}Policy`,
      `Delete${holder}Policy`,
      // Groups have none.
      ...(holder === 'Group' ? [] : [`Put${holder}PermissionsBoundary`, `Delete${holder}PermissionsBoundary`]),
    ]),
  )('is one whichever way the rights of somebody change: %s', async (name) => {
    expect(await intake().call(name, 'iam')).toMatchObject({ incident: { reasonCode: 'CALL_RIGHTS_CHANGED' } })
  })

  it('is no other service with a call of the same name', async () => {
    const { call } = intake()
    expect(await call('DeleteAlias', 'lambda')).toEqual({ outcome: 'foreign' })
    expect(await call('DeleteAlias', 'kms')).toMatchObject({ outcome: 'incident' })
  })

  it.each(
    Object.entries<SensitiveCall>(SENSITIVE_CALLS).flatMap(([id, { calls, having = {} }]) =>
      Object.entries(calls).flatMap(([service, names]) => names.map((name) => [id, service, name, having] as const)),
    ),
  )('%s: %s %s is found', async (id, service, name, having) => {
    const parameters = Object.fromEntries(
      Object.entries(having).map(([parameter, [value]]) => [parameter, exampleOf(value)]),
    )
    const taken = await intake().call(name, service, false, parameters)
    expect(taken).toMatchObject({ outcome: 'incident', incident: { id: expect.stringMatching(`^${id}-us-east-1-`) } })
  })
})

describe('a finding', () => {
  it.each([
    [4, 'medium'],
    [6.9, 'medium'],
    [7, 'high'],
    [8.9, 'high'],
    [9, 'critical'],
  ])('of %d is a security incident of %s severity', async (severity, expected) => {
    const { find, stores } = intake()
    await find('CredentialAccess:RDS/AnomalousBehavior.SuccessfulLogin', severity)
    expect(await openIncidents(stores.recovery)).toEqual([
      expect.objectContaining({
        id: 'credentialaccess-rds-anomalousbehavior-successfullogi-sa-east-1-20261123T1200',
        scenario: 'security-incident',
        severity: expected,
        guide: 'service.md#security-finding',
      }),
    ])
  })

  it('has an id that fits the name of an execution, however long its type is and however often it recurs', async () => {
    const { find, stores } = intake()
    const long = () => find('UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS', 8)
    await long()
    const [incident] = await openIncidents(stores.recovery)
    expect(incident?.id).toMatch(/^unauthorizedaccess-iamuser-[\w-]+-sa-east-1-20261123T1200$/)
    expect(incident?.id).toHaveLength(77)
    await closeIncident(stores.recovery, incident!.id, new Date('2026-11-23T12:20:00.000Z'))
    await long()
    const [second] = await openIncidents(stores.recovery)
    expect(second?.id).toMatch(/^[\w-]{1,80}$/)
  })

  it('below what the policy says opens nothing', async () => {
    const { find, stores } = intake()
    expect(await find('Recon:IAMUser/UserPermissions', 3.9)).toEqual({ outcome: 'signal' })
    expect(await openIncidents(stores.recovery)).toEqual([])
  })
})

describe('the registers', () => {
  it('open every scenario, and alarms none of a disaster that is milder than its response', () => {
    const rank = { medium: 1, high: 2, critical: 3 }
    for (const [scenario, response] of Object.entries(RESPONSES)) {
      const opening = (of: Readonly<Record<string, AlarmDeclaration | SensitiveCall>>) =>
        Object.values(of).filter(({ opens }) => opens === scenario)
      expect(opening({ ...ALARMS, ...SENSITIVE_CALLS }).length).toBeGreaterThan(0)
      expect(opening(ALARMS).filter(({ severity }) => rank[severity] < rank[response.severity])).toEqual([])
    }
  })
})

import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { VirtualClock } from '../../../adapters/memory/clock'
import { Recorder } from '../../../adapters/memory/faults'
import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import { raiseEpoch, readEpoch, type WriterEpoch } from '../../../core/coordination/writer-epoch'
import { EvidenceChain } from '../../../core/evidence'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import { BASELINE_KEY, readBaseline } from '../../../core/readiness/baseline'
import { prepareRecovery, type ReadinessWorld } from '../../../core/readiness/prepare'
import type { DatabaseReadiness } from '../../../core/readiness/ports'

const READY: DatabaseReadiness = {
  protectedTables: 6,
  missingTables: [],
  unprotectedTables: [],
  rolesNotClosed: [],
  privilegesMissing: [],
  deadMan: 'scheduled',
  commitTimes: 'kept',
}

function world(found: Partial<DatabaseReadiness> = {}, damaged: string[] = []) {
  const clock = new VirtualClock()
  const recorder = new Recorder()
  const places = { recovery: new MemoryConditionalStore(), witness: new MemoryConditionalStore() }
  const evidence = new EvidenceChain(new MemoryWriteOnceStore(), {
    region: 'sa-east-1',
    writer: 'readiness',
    environment: 'test',
    policyHash: 'a'.repeat(64),
  })
  const done: string[] = []
  const epochs: WriterEpoch[] = []
  const around: ReadinessWorld = {
    places: {
      recovery: recorder.watch<ConditionalStore>('recovery', places.recovery),
      witness: recorder.watch<ConditionalStore>('witness', places.witness),
    },
    home: { region: 'sa-east-1', instance: 'clinic-g1' },
    evidence,
    clock,
    baselineMaxAgeHours: 24,
    prepareSwitches: async () => void done.push('switches'),
    database: {
      prepare: async (epoch) => {
        done.push('database')
        epochs.push(epoch)
        return { ...READY, ...found }
      },
      baseline: async (held) => {
        done.push('baseline')
        const tables = [{ table: 'clinic.records', rows: String(done.length) }]
        return { tables, ...(held !== undefined && { differing: damaged }) }
      },
    },
  }
  return { around, places, clock, recorder, done, epochs }
}

it('makes the first start in the order in which things rest on each other', async () => {
  const { around, places, done, epochs } = world()
  expect(await prepareRecovery(around)).toEqual({ coordination: 'begun', baseline: 'recorded', findings: [] })
  expect(done).toEqual(['switches', 'database', 'baseline'])
  const first = { epoch: 1, holder: 'sa-east-1', instance: 'clinic-g1', raisedBy: 'first-start', continues: 1 }
  expect(epochs).toEqual([first])
  expect(await readEpoch(places.recovery)).toEqual(first)
  expect(await readEpoch(places.witness)).toEqual(first)
})

it('changes nothing the second time, and records the baseline again when it is a day old', async () => {
  const { around, places, clock } = world()
  await prepareRecovery(around)
  const first = await readBaseline(places.recovery)
  expect(await prepareRecovery(around)).toEqual({ coordination: 'there', baseline: 'fresh', findings: [] })
  expect(await readBaseline(places.recovery)).toEqual(first)
  await clock.sleep(24 * 3_600_000)
  expect(await prepareRecovery(around)).toMatchObject({ baseline: 'recorded' })
  expect(await readBaseline(places.recovery)).not.toEqual(first)
})

it('compares with the baseline that is held before it records another one, and says so', async () => {
  const { around, clock } = world()
  expect(await prepareRecovery(around)).not.toHaveProperty('differing')
  await clock.sleep(24 * 3_600_000)
  expect(await prepareRecovery(around)).toMatchObject({ baseline: 'recorded', differing: [] })
})

it('never records a baseline over content that is not what it was, and compares again each time', async () => {
  const { around, places, clock } = world({}, ['clinic.records'])
  await prepareRecovery(around)
  const first = await readBaseline(places.recovery)
  for (const hours of [24, 1, 1]) {
    await clock.sleep(hours * 3_600_000)
    expect(await prepareRecovery(around)).toMatchObject({ baseline: 'differs', differing: ['clinic.records'] })
  }
  expect(await readBaseline(places.recovery)).toEqual(first)
})

it('never begins again: after both places lost their epoch, people decide', async () => {
  const { around, places, done } = world()
  await prepareRecovery(around)
  const emptied = { recovery: new MemoryConditionalStore(), witness: new MemoryConditionalStore() }
  const calls = done.length
  await expect(prepareRecovery({ ...around, places: emptied })).rejects.toMatchObject({ code: 'COORDINATION_LOST' })
  expect(await readEpoch(emptied.recovery)).toBeUndefined()
  expect(done).toHaveLength(calls)
  expect(await readEpoch(places.recovery)).toMatchObject({ epoch: 1 })
})

it('gives a place that lost its epoch the one that is in force, not the first', async () => {
  const { around, places } = world()
  await prepareRecovery(around)
  const claimed = { epoch: 2, holder: 'eu-west-1', raisedBy: 'run-1', continues: 2, handsBack: 1 }
  await raiseEpoch(places.recovery, claimed)
  const witness = new MemoryConditionalStore()
  const result = await prepareRecovery({ ...around, places: { recovery: places.recovery, witness } })
  expect(result).toEqual({ coordination: 'completed', baseline: 'not-the-writer', findings: [] })
  expect(await readEpoch(witness)).toEqual(claimed)
})

it('leaves an old primary alone once another region writes', async () => {
  const { around, places, done } = world()
  await prepareRecovery(around)
  const calls = done.filter((call) => call === 'database').length
  for (const store of [places.recovery, places.witness])
    await raiseEpoch(store, { epoch: 2, holder: 'eu-west-1', raisedBy: 'run-1', continues: 2 })
  expect(await prepareRecovery(around)).toMatchObject({ coordination: 'there', baseline: 'not-the-writer' })
  expect(done.filter((call) => call === 'database')).toHaveLength(calls)
})

it('leaves a database alone once a copy that was restored beside it writes', async () => {
  const { around, places, done } = world()
  await prepareRecovery(around)
  const calls = done.length
  const claimed = { epoch: 2, holder: 'sa-east-1', instance: 'clinic-g3', raisedBy: 'run-1', continues: 2 }
  for (const store of [places.recovery, places.witness]) await raiseEpoch(store, claimed)
  // Whatever follows this database holds what was left behind.
  expect(await prepareRecovery(around)).toMatchObject({
    baseline: 'not-the-writer',
    findings: ['writer-not-declared:clinic-g3'],
  })
  expect(done.slice(calls)).toEqual(['switches'])
})

it('says that the replica follows another database than the one that is declared to serve', async () => {
  const { around } = world()
  expect((await prepareRecovery({ ...around, followed: 'clinic-g1' })).findings).toEqual([])
  expect((await prepareRecovery({ ...around, followed: 'clinic-g0' })).findings).toEqual(['replica-follows:clinic-g0'])
})

it.each(['recovery', 'witness'])('does nothing while the %s place does not answer', async (dark) => {
  const { around, places, recorder, done } = world()
  recorder.faultOf = (call) => (call.startsWith(dark) ? 'unreachable' : undefined)
  await expect(prepareRecovery(around)).rejects.toMatchObject({ failure: 'unreachable' })
  expect(done).toEqual([])
  expect(await readEpoch(places.recovery)).toBeUndefined()
})

it('goes on where it was interrupted, wherever that was', async () => {
  const whole = world()
  await prepareRecovery(whole.around)
  const calls = whole.recorder.calls.length
  for (let at = 0; at < calls; at++)
    for (const fault of ['lost-answer', 'unreachable'] as const) {
      const { around, places, recorder } = world()
      recorder.faultOf = (_, index) => (index === at ? fault : undefined)
      await prepareRecovery(around).catch(() => undefined)
      recorder.faultOf = () => undefined
      await prepareRecovery(around)
      expect(await readEpoch(places.recovery)).toEqual(await readEpoch(whole.places.recovery))
      expect(await readEpoch(places.witness)).toEqual(await readEpoch(whole.places.witness))
      expect(await places.recovery.get(BASELINE_KEY)).toBeDefined()
    }
})

it('names what is not ready', async () => {
  const { around } = world({
    missingTables: ['clinic.images'],
    unprotectedTables: ['clinic.records'],
    rolesNotClosed: ['owner'],
    privilegesMissing: ['pg_monitor'],
    deadMan: 'missing',
    commitTimes: 'off',
  })
  expect((await prepareRecovery(around)).findings).toEqual([
    'table-missing:clinic.images',
    'table-unprotected:clinic.records',
    'role-not-closed:owner',
    'privilege-missing:pg_monitor',
    'dead-man-missing',
    'commit-times-off',
  ])
})

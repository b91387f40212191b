import { PRIMARY } from '../../../adapters/memory/world'
import { CLINIC_TABLES } from '../../../adapters/postgres/clinic-schema'
import { drive } from '../../../core/runbook/engine'
import {
  INTRUSION_FINDINGS,
  resolveIsolateAndRecoverInput,
  type IsolateAndRecoverInput,
} from '../../../core/runbook/isolate-and-recover/input'
import { askedUnder } from '../../../core/coordination/approvals'
import { approvalKey, MAX_STATE_BYTES } from '../../../core/runbook/model'
import { policy } from './failover'
import { resolvePolicy } from '../../../policy'
import { answered, runOf, worldOf } from './rehearsals'
import { isolateAndRecover } from './rehearsals/isolate-and-recover'

const run = async (name: string) => {
  const scenario = isolateAndRecover.scenarios.find((candidate) => candidate.name === name)!
  const around = await worldOf(isolateAndRecover, scenario)
  const state = await drive(isolateAndRecover.runbook, around.ports(), runOf(isolateAndRecover, scenario))
  return { around, state }
}

const FAR_LATER_MS = 3_600_000
const cut = isolateAndRecover.scenarios.filter(({ ends, name }) => !ends.startsWith('decide') && name !== 'a dry run')

it.each(cut)('never gives the right to write back to what was attacked: $name', async ({ name }) => {
  const { around, state } = await run(name)
  expect(around.isWritable(PRIMARY)).toBe(false)
  await around.clock.sleep(FAR_LATER_MS)
  expect(around.isWritable(PRIMARY)).toBe(false)
  expect(Object.values(state.steps).filter(({ status }) => status === 'undone')).toEqual([])
})

it('keeps an attacked database as it was where people do not want access cut', async () => {
  const { around } = await run('access that people do not want cut')
  expect(around.isWritable(PRIMARY)).toBe(true)
})

it('cuts the copies off as well, and says by name which it could not', async () => {
  const { around } = await run('success')
  expect([around.primary.isolated, around.replica.isolated]).toEqual([true, true])
  const { state } = await run('a copy that cannot be cut off, not accepted')
  expect(state.steps['isolate']!.output).toMatchObject({ openCopies: ['clinic-g8'] })
  expect(state.steps['validate-compliance']!.approval!.question).toContain('COPIES-ISOLATED')
})

it('cuts access without a person on two findings, and recovers with none', async () => {
  const { around, state } = await run('a recovery that nobody answers for')
  expect(state.steps['revoke']).toMatchObject({ status: 'done' })
  expect(state.steps['restore-beside']).toMatchObject({ status: 'skipped' })
  expect(around.effects.filter((effect) => effect.startsWith('restore'))).toEqual([])
})

it('asks for the moment in UTC, and records it with what was kept and when the ANPD has to be told', async () => {
  const { around, state } = await run('success')
  const { at } = state.steps['find-clean-point']!.output as { at: string }
  const asked = await askedUnder(around.stores.recovery, approvalKey(state.runId, 'find-clean-point'))
  expect(asked.question).toContain(`${at} (UTC)`)
  const [record] = [...around.evidence.values()]
  expect(record!.measurements).toMatchObject({
    cleanPoint: at,
    preserved: { manifestSha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    laterWrites: { rows: 3, deletedRows: 1 },
    // Midnight in UTC is the evening of the 31st in Brazil; New Year and the weekend do not count.
    compliance: { missing: [], noticeDue: '2026-01-06' },
  })
})

it('stays small enough to be journaled', async () => {
  const { state } = await run('later writes that cannot be told, and nobody who accepts it')
  expect(JSON.stringify(state).length).toBeLessThan(MAX_STATE_BYTES)
})

it('stays small enough with the names of production and every question asked', async () => {
  const scenario = isolateAndRecover.scenarios.find(({ name }) => name === 'success')!
  const around = await worldOf(isolateAndRecover, { ...scenario, prepare: answered(true, ['0b5e7711aa93c0de']) })
  around.verdict = 'inconclusive'
  around.laterWrites.told = {
    kind: 'listed',
    tables: CLINIC_TABLES.map((table) => ({ table, rows: 1_333_886 })),
    deleted: CLINIC_TABLES.map((table) => ({ table, rows: 1_333_886 })),
    artefact: { name: 'later-writes-run-1-list-later-writes.jsonl', sha256: 'a'.repeat(64) },
  }
  const { input, ...about } = runOf(isolateAndRecover, scenario)
  const { successor, copies, suspect } = input as IsolateAndRecoverInput
  const state = await drive(isolateAndRecover.runbook, around.ports(), {
    ...about,
    runId: 'a-run-of-a-long-name-2026-11-28T22-14-07Z',
    startedBy: 'f3a9c1d2e4b5a697',
    input: resolveIsolateAndRecoverInput(resolvePolicy('production'), {
      incidentId: 'security-incident-2026-11-28T22-14-07Z-append-only',
      reasonCode: 'DATA_REWRITTEN_BY_STOLEN_LOGIN',
      writer: PRIMARY,
      successor,
      copies,
      findings: INTRUSION_FINDINGS,
      ...(suspect && { suspect }),
      knownAt: '2026-11-28T22:14:07.123Z',
      operation: 'approval',
    }),
  })
  expect(state.outcome).toBe('succeeded')
  // As RDS names an endpoint.
  const told = JSON.stringify(state)
    .replaceAll(/clinic-(g\d)/g, 'neonpro-production-db-$1')
    .replaceAll(/"endpoint":"[^"]*"/g, '"endpoint":"neonpro-production-db-g3.c1a2b3c4d5e6.sa-east-1.rds.amazonaws.com"')
  expect(told.length).toBeLessThan(MAX_STATE_BYTES)
})

it('stays small enough with the longest names that AWS takes, however many tables there are', async () => {
  const scenario = isolateAndRecover.scenarios.find(({ name }) => name === 'success')!
  const around = await worldOf(isolateAndRecover, {
    ...scenario,
    prepare: answered(true, ['a'.repeat(64), 'b'.repeat(64)]),
  })
  around.verdict = 'inconclusive'
  // Names of PostgreSQL have 63 bytes.
  const tables = Array.from({ length: 200 }, (_, i) => ({
    table: `${'s'.repeat(63)}.${i}`.padEnd(127, 't'),
    rows: 2 ** 40,
  }))
  around.laterWrites.told = {
    kind: 'listed',
    tables,
    deleted: tables,
    artefact: { name: `${'r'.repeat(80)}-later-writes.jsonl`, sha256: 'a'.repeat(64) },
  }
  const { input, ...about } = runOf(isolateAndRecover, scenario)
  const { successor, copies, suspect } = input as IsolateAndRecoverInput
  const state = await drive(isolateAndRecover.runbook, around.ports(), {
    ...about,
    runId: 'r'.repeat(80),
    startedBy: 's'.repeat(64),
    input: resolveIsolateAndRecoverInput(resolvePolicy('production'), {
      incidentId: 'i'.repeat(80),
      reasonCode: 'R'.repeat(80),
      writer: PRIMARY,
      successor,
      copies,
      findings: INTRUSION_FINDINGS,
      ...(suspect && { suspect }),
      knownAt: '2026-11-28T22:14:07.123Z',
      operation: 'approval',
    }),
  })
  expect(state.outcome).toBe('succeeded')
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html: an identifier has 63 characters.
  const instance = 'i'.repeat(60)
  const told = JSON.stringify(state)
    .replaceAll(/clinic-(g\d)/g, `${instance}-$1`)
    .replaceAll(/"endpoint":"[^"]*"/g, `"endpoint":"${instance}-g3.c1a2b3c4d5e6.ap-southeast-1.rds.amazonaws.com"`)
  // With air for what nobody thought of.
  expect(told.length).toBeLessThan(0.9 * MAX_STATE_BYTES)
})

it('refuses a suspect out of form', () => {
  const request = {
    incidentId: 'incident-1',
    reasonCode: 'DATA_REWRITTEN',
    writer: PRIMARY,
    successor: PRIMARY,
    copies: [],
    findings: [],
    suspect: { kind: 'time', at: '2026-01-01 10:00' } as const,
    knownAt: '2026-01-01T00:00:00.000Z',
  }
  expect(() => resolveIsolateAndRecoverInput(policy, request)).toThrow(
    expect.objectContaining({ code: 'SUSPECT_FORM' }),
  )
})

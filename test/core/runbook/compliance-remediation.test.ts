import type { MemoryWorld } from '../../../adapters/memory/world'
import { tasks } from '../../../core/calendar/task'
import { findViolations, referenceOf } from '../../../core/compliance/find'
import { FINDING_CODES, kindOf, TRAINING_TOPICS, type FindingCode } from '../../../core/compliance/finding-kinds'
import { revisedProcedure } from '../../../core/compliance/revised-procedure'
import { appendRevision, readRevisions } from '../../../core/compliance/procedure-revisions'
import type { BucketProtection } from '../../../core/ports/compliance'
import { complianceRemediation } from '../../../core/runbook/compliance-remediation'
import type { RemediationInput } from '../../../core/runbook/compliance-remediation/input'
import { MAX_FINDINGS } from '../../../core/runbook/compliance-remediation/input'
import { resolveRemediation } from '../../../core/runbook/compliance-remediation/resolve'
import { drive } from '../../../core/runbook/engine'
import { MAX_STATE_BYTES, type RunState } from '../../../core/runbook/model'
import { answered } from './rehearsals/rehearsal'
import { findingOf, policy, remediation, violatedWorld, VIOLATIONS } from './remediation'

const run = (around: MemoryWorld, wanted = remediation()) => drive(complianceRemediation, around.ports(), wanted)

async function approved(codes: readonly FindingCode[] = FINDING_CODES): Promise<MemoryWorld> {
  const around = await violatedWorld(codes)
  answered(true)(around)
  return around
}

const statuses = (state: RunState<RemediationInput>) =>
  Object.entries(state.steps).map(([id, { status }]) => `${id}: ${status}`)

const remaining = (around: MemoryWorld, codes = FINDING_CODES) =>
  findViolations(
    around.account,
    codes.filter((code) => code !== 'copy-unencrypted').map((code) => VIOLATIONS[code][0]),
    new Map([['sa-east-1', 'alias/clinic/database']]),
  )

describe('the remediation of violations', () => {
  it.each(FINDING_CODES)('finds and remedies %s, and leaves what is declared', async (code) => {
    const around = await approved([code])
    expect((await remaining(around, [code])).map((found) => found.code)).toEqual([code])
    const state = await run(around, remediation([code]))
    expect(state.stoppedBy).toBeUndefined()
    expect(state.outcome).toBe('succeeded')
    expect(await remaining(around, [code])).toEqual([])
    expect(state.steps['validate']?.output).toEqual({ validated: 1, weaker: 0 })
  })

  it('remedies all of them in one run whose state stays small, the most exposing first', async () => {
    const around = await approved()
    const state = await run(around)
    expect(statuses(state)).toEqual(complianceRemediation.steps.map(({ id }) => `${id}: done`))
    expect(JSON.stringify(state).length).toBeLessThan(MAX_STATE_BYTES)
    const asked = around.recorder.requests.flatMap(({ call, args }) =>
      call === 'remedies.restore' ? [(args as [unknown, { key: string }])[1].key.split('/')[2] as FindingCode] : [],
    )
    const first = asked.slice(0, FINDING_CODES.length)
    expect(first).toEqual([
      'bucket-public',
      'copy-unencrypted',
      'lock-removed',
      'deletion-protection-off',
      'trail-stopped',
      'log-retention-shortened',
      'selection-removed',
      'plan-retention-shortened',
      'bucket-retention-shortened',
      'key-rotation-off',
    ])
  })

  it('has nothing to do where the account is as declared: it changes nothing, asks nobody, and says so', async () => {
    const around = await violatedWorld([])
    const declared = VIOLATIONS['deletion-protection-off'][0]
    around.account.put(declared)
    const state = await run(around, remediation(['deletion-protection-off'], { operation: 'approval' }))
    expect([state.outcome, around.account.effects]).toEqual(['succeeded', []])
    expect(around.recorder.calls).not.toContain('remedies.restore')
    expect([...around.evidence.values()][0]?.measurements).toMatchObject({
      nothingToDo: true,
      findings: [{ code: 'deletion-protection-off', resource: referenceOf(declared), confirmed: false }],
    })
    expect(await readRevisions(around.stores.recovery, policy.documentControl.version)).toEqual([])
  })

  it.each([
    ['a remedy that takes something away', ['copy-unencrypted'], 'automatic', true],
    ['a run that has to be approved', ['key-rotation-off'], 'approval', true],
    ['no other remedy of an automatic run', ['key-rotation-off'], 'automatic', false],
  ] as const)('asks a second person before %s', async (_, codes, operation, asks) => {
    const around = await violatedWorld(codes)
    answered(false)(around)
    const state = await run(around, remediation(codes, { operation }))
    expect(state.stoppedBy?.code).toBe(asks ? 'APPROVAL_DECLINED' : undefined)
    expect(around.account.effects.length).toBe(asks ? 0 : 1)
  })

  it('changes nothing where nobody answers in time', async () => {
    const around = await violatedWorld()
    const state = await run(around)
    expect(state.stoppedBy).toEqual({ step: 'approve', code: 'APPROVAL_EXPIRED' })
    expect(around.account.effects).toEqual([])
    expect(around.evidence.size).toBe(1)
  })

  it('does not believe a remedy that did not help', async () => {
    const around = await approved(['trail-stopped'])
    around.account.restore = async () => 'restored'
    const state = await run(around, remediation(['trail-stopped']))
    expect(state.stoppedBy).toEqual({ step: 'validate', code: 'FINDING_REMAINS' })
    expect(state.steps['update-procedure']?.status).toBe('skipped')
  })

  it('takes no remedy for one that leaves the same thing weaker somewhere else', async () => {
    const around = await approved(['bucket-public'])
    const [declared] = VIOLATIONS['bucket-public'] as readonly [BucketProtection, BucketProtection]
    around.account.restore = async () => {
      around.account.put({ ...declared, ends: { '*': { objectDays: 1 } } })
      return 'restored'
    }
    const state = await run(around, remediation(['bucket-public']))
    expect(state.stoppedBy).toEqual({ step: 'validate', code: 'POSTURE_WEAKER' })
  })

  it('remedies the others where one is refused, and says which is left', async () => {
    const around = await approved(['lock-removed', 'key-rotation-off'])
    around.account.remove(VIOLATIONS['lock-removed'][0])
    const state = await run(around, remediation(['lock-removed', 'key-rotation-off']))
    expect(state.stoppedBy).toEqual({ step: 'remedy', code: 'REMEDY_REFUSED' })
    expect(state.steps['remedy']?.output).toEqual({
      refused: [{ finding: 'lock-removed vault/sa-east-1/snapshots', code: 'PROTECTED_GONE' }],
    })
    expect(around.account.effects).toEqual([
      'restore run-1/remedy/key-rotation-off/key/sa-east-1/alias/clinic/database',
    ])
  })

  it('weakens nothing that somebody made stronger', async () => {
    const around = await approved(['plan-retention-shortened'])
    const [declared] = VIOLATIONS['plan-retention-shortened']
    if (declared.kind !== 'backup-plan') throw new Error('no plan')
    around.account.put({ ...declared, keepsDays: { daily: 7, continuous: 35, yearly: 400 } })
    await run(around, remediation(['plan-retention-shortened']))
    expect(await around.account.protectionOf(declared)).toEqual({
      ...declared,
      keepsDays: { daily: 90, continuous: 35, yearly: 400 },
    })
  })

  it('adds a revision for each section to the procedure, once, and the document prints it', async () => {
    const around = await approved(['bucket-public', 'key-rotation-off', 'trail-stopped'])
    await run(around, remediation(['bucket-public', 'key-rotation-off', 'trail-stopped']))
    const { version } = policy.documentControl
    const revisions = await readRevisions(around.stores.recovery, version)
    expect(revisions.map(({ number, section, findings }) => [number, section, findings])).toEqual([
      [1, kindOf('bucket-public').section, ['bucket-public', 'key-rotation-off']],
      [2, kindOf('trail-stopped').section, ['trail-stopped']],
    ])
    const text = revisedProcedure(version, revisions)
    expect(text).toContain('revision 2')
    expect(text).toContain('trail-stopped: the trail records no calls')
    expect(revisedProcedure(version, [])).toContain('None: no violation')
    for (const code of FINDING_CODES) expect(text).toContain(`\`${code}\``)
  })

  it('refuses revisions of which one is missing', async () => {
    const around = await violatedWorld([])
    const wanted = { version: '1.0', section: 'a', findings: ['b'], run: 'r', at: '2026-01-01T00:00:00.000Z' }
    await appendRevision(around.stores.recovery, wanted)
    await around.stores.recovery.create('procedure-revisions/1.0/000003', { ...wanted, number: 3 })
    await expect(readRevisions(around.stores.recovery, '1.0')).rejects.toMatchObject({ code: 'REVISIONS_BROKEN' })
  })

  it('asks each role of the topic to acknowledge, as a task that comes due', async () => {
    const around = await approved(['trail-stopped'])
    await run(around, remediation(['trail-stopped']))
    const open = [...(await tasks(around.stores, around.clock.now()))]
    expect(open.map(([, { owner, once }]) => [owner, once])).toEqual(
      TRAINING_TOPICS['audit-trail'].roles.toSorted().map((role) => [role, true]),
    )
    const due = around.clock.now().getTime() + policy.calendar.onceDays.training * 86_400_000
    for (const [, { dueAt }] of open) expect(Math.abs(Date.parse(dueAt) - due)).toBeLessThan(60_000)
  })

  it('names in its evidence the requirements that were not met', async () => {
    const around = await approved(['trail-stopped', 'key-rotation-off'])
    await run(around, remediation(['trail-stopped', 'key-rotation-off']))
    expect([...around.evidence.values()][0]?.controls).toEqual(['CFM-08', 'ENC-04', 'LGPD-09'])
  })

  it('changes nothing in a dry run and prints the plan', async () => {
    const around = await violatedWorld(['bucket-public'])
    const state = await run(around, { ...remediation(['bucket-public']), mode: 'dry-run' })
    expect([state.outcome, around.account.effects, around.evidence.size]).toEqual(['succeeded', [], 0])
    expect(state.steps['remedy']?.output).toEqual({ wouldRemedy: ['bucket-public'] })
  })
})

it('refuses no finding, and more than one run can carry', () => {
  const wanted = (count: number) => ({
    incidentId: 'i',
    reasonCode: 'R',
    region: 'sa-east-1',
    findings: Array.from({ length: count }, () => findingOf('bucket-public')),
  })
  for (const count of [0, MAX_FINDINGS + 1])
    expect(() => resolveRemediation(policy, wanted(count))).toThrow(`got ${count}`)
  const { timeouts } = resolveRemediation(policy, wanted(MAX_FINDINGS))
  const whole = policy.objectives.rto.complianceValidationMinutes * 60
  expect(2 * timeouts.lookSeconds + timeouts.remedySeconds).toBeCloseTo(whole)
})

it('takes what is gone for no better than what is unprotected, and makes none of it anew', async () => {
  const around = await approved([])
  const declared = VIOLATIONS['deletion-protection-off'][0]
  const found = await findViolations(around.account, [declared], new Map())
  expect(found.map(({ code }) => code)).toEqual(['deletion-protection-off'])
  const state = await run(around, remediation(['deletion-protection-off']))
  expect(state.stoppedBy).toEqual({ step: 'remedy', code: 'REMEDY_REFUSED' })
})

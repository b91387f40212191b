import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readAssembly } from '../adapters/local/assembly-folder'
import { systemClock } from '../adapters/local/clock'
import { localActor, localOperator } from '../adapters/local/operator'
import { MemoryAccount } from '../adapters/memory/account'
import { MemoryWorld } from '../adapters/memory/world'
import { attest } from '../core/calendar/attest'
import { tasks } from '../core/calendar/task'
import { declaredAt, keysOfCopies } from '../core/compliance/declared'
import { findViolations, referenceOf, type Finding } from '../core/compliance/find'
import { kindOf, type FindingCode } from '../core/compliance/finding-kinds'
import { revisedProcedure } from '../core/compliance/revised-procedure'
import { readRevisions } from '../core/compliance/procedure-revisions'
import { loadRun } from '../core/coordination/run-journal'
import { sha256 } from '../core/evidence'
import { atMost, drillResultSchema, exactly, verdictOf, type DrillResult } from '../core/measurement'
import type { OperatorWorld } from '../core/operator'
import type { TwoRegionPolicy } from '../core/policy'
import { weakenings, type Weakening } from '../core/posture/diff'
import type { Clock } from '../core/ports/clock'
import type { Compliance } from '../core/ports/compliance'
import type { EvidenceLog } from '../core/ports/evidence-log'
import type { Reporter } from '../core/ports/reporter'
import { complianceReport } from '../core/reporting'
import { complianceRemediation } from '../core/runbook/compliance-remediation'
import { resolveRemediation } from '../core/runbook/compliance-remediation/resolve'
import { drive } from '../core/runbook/engine'
import { answerRun } from '../core/runbook/run-desk'
import { openDrillEvidence } from './drill-evidence'
import { chooseThings, plantInAccount, plantInTemplates, type Planted } from './planted-violations'
import { synthesizeInto } from './synthesis'

export interface ComplianceViolationOptions {
  readonly policy: TwoRegionPolicy
  readonly violations: readonly FindingCode[]
  /** Folder of evidence, keys, reports, and of what operators share. */
  readonly folder: string
  /** @default synthesized anew */
  readonly assembly?: string
  /** Preset that the synthesis is made with. */
  readonly preset?: string
}

/** Pause between two looks of somebody who waits for people. */
const PEOPLE_LOOK_MS = 100
/** How long AWS takes to copy a snapshot depends on its size; here it only has to take a while. */
const COPY_SECONDS = 2

/**
 * Plants violations in real templates and in an account that stands as they declare, and judges that each is named by the
 * comparison of postures, found in the account, remedied and validated in time, and that the procedure and the people learn of it.
 */
export async function complianceViolation(
  options: ComplianceViolationOptions,
  reporter: Reporter,
  compare: typeof weakenings = weakenings,
): Promise<DrillResult> {
  const { policy, violations, folder } = options
  const runId = `drill-${new Date().toISOString().replaceAll(/[^0-9]/g, '')}`
  const startedAt = new Date().toISOString()
  const say = (text: string) => reporter.emit({ code: 'DRILL_PROGRESS', text })
  const scratch = await mkdtemp(join(tmpdir(), 'neonpro-compliance-'))
  try {
    const assembly = options.assembly ?? join(scratch, 'declared')
    if (options.assembly === undefined) {
      say('synthesizing the stacks')
      await synthesizeInto(assembly, policy.environment, options.preset)
    }
    const { regions } = policy.topology
    const evidence = await openDrillEvidence(folder, regions.recovery, policy, systemClock)
    const declared = await readAssembly(assembly)
    const things = declaredAt(declared)
    const keys = keysOfCopies(declared)
    const planted = chooseThings(violations, things)

    say(`planting ${planted.length} violations in a copy of the templates`)
    const changed = join(scratch, 'changed')
    await plantInTemplates(assembly, changed, planted)
    const named = namedBy(compare(declared, await readAssembly(changed)), planted)

    const account = new MemoryAccount(systemClock, COPY_SECONDS)
    for (const one of things) account.put(one.declared)
    const scan = (compliance: Compliance) =>
      findViolations(
        compliance,
        things.map((one) => one.declared),
        keys,
      )
    const before = await scan(account)

    say(`planting ${planted.length} violations in the account`)
    const plantedAt = systemClock.now()
    plantInAccount(account, planted, keys)
    const found = await watch(() => scan(account), planted, policy.rehearsal.pace.detection, systemClock)
    const detectSeconds = secondsSince(plantedAt, systemClock.now())
    say(`${found.length} violations found`)

    const operator = await localOperator(folder, policy, actor('operator'))
    // Nothing to remedy: the drill has failed, and says so.
    const run =
      found.length > 0
        ? await remediation({ policy, runId, found, account, operator, log: evidence.chain, reporter })
        : undefined
    const left = await scan(account)
    const validatedAt = run?.steps['validate']?.status === 'done' ? run.steps['validate'].finishedAt : undefined
    const validatedSeconds = validatedAt === undefined ? undefined : secondsSince(plantedAt, new Date(validatedAt))

    say('acknowledging the training')
    const open = await acknowledged(operator, runId)
    const revisions = (await readRevisions(operator.places.recovery, policy.documentControl.version)).filter(
      (revision) => revision.run === runId,
    )
    const sections = new Set(violations.map((code) => kindOf(code).section))
    const targetSeconds = policy.objectives.rto.complianceValidationMinutes * 60
    const planned = planted.map((one) => ({
      code: one.code,
      resource: referenceOf(one.thing),
      namedByPosture: named.has(one),
      found: isFound(one, found),
      remedied: isFound(one, found) && !isFound(one, left),
    }))
    const objectives = [
      atMost('violations before anything was planted', 0, before.length),
      atMost('planted violations that the comparison of postures did not name', 0, planted.length - named.size),
      atMost('planted violations that were not found in the account', 0, planned.filter((one) => !one.found).length),
      exactly('end of the runbook', 'succeeded', run?.outcome),
      atMost('violations left in the account', 0, left.length),
      atMost('from planting to validation, seconds', targetSeconds, validatedSeconds),
      atMost(
        'sections of the procedure without a revision',
        0,
        [...sections].filter((section) => !revisions.some((revision) => revision.section === section)).length,
      ),
      atMost('roles that have not acknowledged the training', 0, open),
    ]
    const verdict = verdictOf(objectives)
    const reports = join(folder, 'reports')
    await mkdir(reports, { recursive: true })
    const document = revisedProcedure(
      policy.documentControl.version,
      await readRevisions(operator.places.recovery, policy.documentControl.version),
    )
    const documentPath = join(reports, `${runId}-procedure.md`)
    await writeFile(documentPath, document)
    const artefact = { name: `${runId}-procedure.md`, path: documentPath, sha256: sha256(document) }
    const record = await evidence.record(verdict, {
      key: runId,
      subject: 'compliance-violation',
      startedAt,
      measurements: {
        run: runId,
        violations: [...violations],
        lookedAt: things.length,
        detectSeconds,
        validatedSeconds: validatedSeconds ?? null,
        left: left.length,
        revisions: revisions.map(({ number }) => number),
        missed: objectives.filter(({ met }) => !met).length,
      },
      artefacts: [{ name: artefact.name, sha256: artefact.sha256 }],
      controls: ['BCP-06', 'RTO-COMPLIANCE-VALIDATION'],
    })
    const ofRunbook = run?.steps['report']?.output as { evidence: string; sequence: number; hash: string } | undefined
    const reportPath = join(reports, `${runId}.html`)
    const result = drillResultSchema.parse({
      drill: 'compliance-violation',
      verdict,
      objectives,
      measurements: {
        outageSeconds: null,
        detectSeconds,
        fenceSeconds: null,
        promoteSeconds: null,
        switchSeconds: null,
        reconnectSeconds: null,
        rpoSeconds: null,
        acknowledged: null,
        lost: null,
        ghost: null,
        unknown: null,
        validatedSeconds: validatedSeconds ?? null,
      },
      steps: complianceRemediation.steps.map(({ id, title }) => {
        const step = run?.steps[id]
        return {
          name: id,
          title,
          outcome: step?.status ?? 'pending',
          attempts: step?.attempt ?? 0,
          startedAt: step?.startedAt ?? null,
          seconds:
            step?.startedAt && step.finishedAt
              ? secondsSince(new Date(step.startedAt), new Date(step.finishedAt))
              : null,
        }
      }),
      evidence: [
        ...(ofRunbook
          ? [{ id: ofRunbook.evidence, sequence: ofRunbook.sequence, hash: ofRunbook.hash, artefacts: [] }]
          : []),
        { ...record, artefacts: [artefact] },
      ].map((entry) => ({ ...entry, region: regions.recovery })),
      report: reportPath,
      lessons: evidence.lessons(runId),
    })
    const { environment } = policy
    const { policyHash } = evidence
    await writeFile(
      reportPath,
      complianceReport(result, {
        environment,
        policyHash,
        startedAt,
        violations: planned,
        lookedAt: things.length,
        revisions,
        targetSeconds,
      }),
    )
    return result
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Runs the runbook as an operator would, with a second person who answers. */
async function remediation(drill: {
  readonly policy: TwoRegionPolicy
  readonly runId: string
  readonly found: readonly Finding[]
  readonly account: MemoryAccount
  readonly operator: OperatorWorld
  readonly log: EvidenceLog
  readonly reporter: Reporter
}) {
  const { policy, runId, found, account, operator, log, reporter } = drill
  const { lease, dns, pollEverySeconds } = policy.rehearsal.pace
  const input = resolveRemediation(policy, {
    incidentId: runId,
    reasonCode: 'DRILL',
    region: policy.topology.regions.primary,
    findings: found,
    operation: 'approval',
    pollEverySeconds,
  })
  // It has no database: the remediation asks for none.
  const nowhere = new MemoryWorld({ lease, promotionSeconds: 0, ttlSeconds: dns.ttlSeconds }).ports()
  const ports = {
    ...nowhere,
    clock: systemClock,
    coordination: operator.places,
    evidence: log,
    compliance: account,
    remedies: account,
    reporter,
  }
  let ended = false
  const [run] = await Promise.all([
    drive(complianceRemediation, ports, { runId, mode: 'drill', startedBy: 'drill', input }).finally(
      () => void (ended = true),
    ),
    answering({ ...operator, actor: actor('incident-commander') }, runId, () => ended),
  ])
  return run
}

/** The planted violations that the comparison of two syntheses names, each at its own place. */
function namedBy(weaker: readonly Weakening[], planted: readonly Planted[]): ReadonlySet<Planted> {
  return new Set(
    planted.filter(({ code, at }) =>
      weaker.some(
        ({ subject, path }) =>
          subject === `${at.stack}/${at.id}` &&
          (kindOf(code).kind === 'backup-selection' ? path === '*' : kindOf(code).seenAt.test(path)),
      ),
    ),
  )
}

const isFound = (one: Planted, findings: readonly Finding[]): boolean =>
  findings.some(({ code, declared }) => code === one.code && referenceOf(declared) === referenceOf(one.thing))

/** Looks at the pace of the rehearsal until everything that was planted is found, or as often as a failure is confirmed. */
async function watch(
  scan: () => Promise<readonly Finding[]>,
  planted: readonly Planted[],
  { probeEverySeconds, consecutiveFailures }: TwoRegionPolicy['pace']['detection'],
  clock: Clock,
): Promise<readonly Finding[]> {
  for (let look = 1; ; look++) {
    const found = await scan()
    if (found.length >= planted.length || look >= consecutiveFailures) return found
    await clock.sleep(probeEverySeconds * 1000)
  }
}

/** The second person, who says yes to what the run asks. */
async function answering(world: OperatorWorld, runId: string, ended: () => boolean): Promise<void> {
  while (!ended()) {
    const run = await loadRun(world.places.recovery, runId)
    for (const [step, { status }] of Object.entries(run?.steps ?? {}))
      if (status === 'awaiting-approval') await answerRun(world, { id: runId, step, approve: true })
    await world.clock.sleep(PEOPLE_LOOK_MS)
  }
}

/** Each role acknowledges what the run asked it to. Gives how many have not. */
async function acknowledged(world: OperatorWorld, runId: string): Promise<number> {
  const ofRun = async () =>
    [...(await tasks(world.places, world.clock.now()))].filter(
      ([, { activity, attested }]) => activity.startsWith('training-') && activity.endsWith(runId) && !attested,
    )
  for (const [task, { owner }] of await ofRun())
    await attest({ ...world, actor: actor(owner) }, { task, outcome: 'done', reference: runId })
  return (await ofRun()).length
}

const actor = (role: string): OperatorWorld['actor'] => {
  const played = localActor(`${role}/drill-${role}`)
  if (!played) throw new Error(`'${role}' is no role`)
  return played
}

const secondsSince = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000

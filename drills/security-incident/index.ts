import { drawCharts } from '../../adapters/local/charts'
import { requireUnfilled } from '../../adapters/local/disk-space'
import { FENCE_ROLE } from '../../adapters/postgres/guard-schema'
import { appendToLedger } from '../../core/coordination/erasure-ledger'
import type { Incident } from '../../core/coordination/incidents'
import { takeDataFinding } from '../../core/detection/intake'
import type { InstanceRef } from '../../core/ports/database'
import type { Preservation } from '../../core/ports/forensics'
import type { Reporter } from '../../core/ports/reporter'
import { drive } from '../../core/runbook/engine'
import { isolateAndRecover } from '../../core/runbook/isolate-and-recover'
import { resolveIsolateAndRecoverInput } from '../../core/runbook/isolate-and-recover/input'
import type { RunState } from '../../core/runbook/model'
import { conclude, type Rehearsed } from '../conclusion'
import type { OpenedIncident } from '../incident'
import { observe } from '../observation'
import { withSecondPerson } from '../second-person'
import { onStage, type DrillSize, type Stage } from '../stage'
import { beginAttack, stealLogin, STOLEN } from './attack'
import { accountOf, defacedRows, judgeIncident } from './judgement'
import { startMonitor, type Detected } from './monitor'
import { tryStolen } from './stolen-secrets'

/**
 * Rehearses an attack: stolen credentials rewrite and delete rows of every table while clients work. The monitors have to
 * notice, the runbook cuts access by itself and asks a person to recover, and at the end no secret of before opens anything.
 */
export function securityIncident(
  options: DrillSize,
  reporter: Reporter,
  draw: typeof drawCharts = drawCharts,
): Promise<Rehearsed> {
  const { workload: usual } = options.policy.rehearsal
  const scenery = { drill: 'security-incident', size: options, world: { replication: 'async', backups: true } } as const
  return onStage(scenery, reporter, async (stage) => {
    const { world, ports, say } = stage
    const [successor] = world.spares
    if (!successor) throw new Error('this world has no name left for a clean copy')
    const login = await stealLogin(stage)
    const secrets = world.plan.roles.filter((role) => role !== FENCE_ROLE).map((role) => world.secrets.login(role))
    say(`${options.clients} clients at work`)
    const workload = await world.startWorkload(options.clients)
    await ports.clock.sleep((usual.beforeFaultSeconds * 1000) / 2)
    const tryOldPrimary = await world.rememberOldPrimary()
    const incidents: Promise<OpenedIncident>[] = []
    const monitor = await startMonitor(stage, (finding, at) => {
      const { region } = world.primary
      const opened = stage.incidents.open((intake) => takeDataFinding(intake, { finding, region, at }))
      // What became of it is asked for below, once more than one finding has come.
      opened.catch(() => undefined)
      incidents.push(opened)
    })
    await ports.clock.sleep((usual.beforeFaultSeconds * 1000) / 2)

    say('attack: a stolen login rewrites and deletes rows of every table')
    const attacker = await beginAttack(stage, login)
    const detected = await monitor.detected
    // The account of whoever did it stays revoked, whatever a restore brings back.
    await appendToLedger(ports.coordination, {
      id: `${stage.runId}-stolen`,
      kind: 'access-revocation',
      subjectId: STOLEN,
      acceptedAt: detected.knownAt,
    })
    // The first finding opens it, and every other one joins it.
    const answered = (await Promise.all(incidents))[0]
    if (!answered) throw new Error('an attack was noticed, and no finding opened an incident')
    const run = await respond(stage, detected, successor, answered.incident)
    const noticed = await monitor.end()
    await Promise.all(incidents)

    await ports.clock.sleep(usual.afterRecoverySeconds * 1000)
    const attack = await attacker.end()
    say(`the attacker was refused ${attack.refused} times; trying every old secret on every database`)
    const reachable = run.outcome === 'succeeded' ? [world.primary, world.replica, successor] : [world.primary]
    const stolen = await tryStolen(stage, secrets, reachable)
    const oldPrimary = await tryOldPrimary()
    await workload.stop()
    await requireUnfilled(world.folder)

    const writer = run.outcome === 'succeeded' ? successor : undefined
    const observation = await observe(stage, workload, attack.struck, writer ?? world.primary, writer)
    const { hardening } = options.policy.incidentResponse
    const judgement = await judgeIncident(stage, {
      attack,
      detected,
      noticed,
      run,
      observation,
      oldPrimary,
      stolen,
      scanned: writer ? await ports.hardening.scan(writer, hardening) : [],
      keptAtEnd:
        run.steps['confirm-preserved']?.status === 'done'
          ? await hashedAgain(stage, `${run.runId}/preserve`)
          : undefined,
      defaced: writer && (await world.withInstance(writer, defacedRows)),
      stolenAccount: writer && (await world.withInstance(writer, accountOf)),
    })
    return conclude(
      stage,
      {
        ...judgement,
        answered,
        runs: [{ runbook: isolateAndRecover, run }],
        observation,
        oldPrimary,
        record: {
          measurements: {
            runbook: run.runbook,
            noticedAt: { ...noticed },
            attackTransactions: attack.committed,
            attackRefused: attack.refused,
            attackDeletedRows: attack.deletedRows,
            preserved: run.steps['confirm-preserved']?.output ?? null,
            laterWrites: run.steps['list-later-writes']?.output ?? null,
            compliance: run.steps['validate-compliance']?.output ?? null,
          },
          controls: ['RTO-DATA-RECOVERY', 'DATA-INTEGRITY', 'SINGLE-WRITER', 'ERASURE-LEDGER', 'INCIDENT-DETECTION'],
        },
        scene: {
          fault: 'stolen credentials',
          replication: 'async',
          from: world.primary.instance,
          to: successor.instance,
        },
      },
      draw,
    )
  })
}

/** What the keeper says of its copy once it has hashed every file again. */
async function hashedAgain({ world, ports }: Stage, key: string): Promise<Preservation> {
  for (;;) {
    const kept = await ports.forensics.preserve(world.primary, { key })
    if (kept.kind === 'preserved') return kept
    await ports.clock.sleep(100)
  }
}

function respond(stage: Stage, detected: Detected, successor: InstanceRef, incident: Incident): Promise<RunState> {
  const { world, ports, runId, size } = stage
  const { policy } = size
  const { pace, applicationTier } = policy.rehearsal
  const input = resolveIsolateAndRecoverInput(policy, {
    incidentId: incident.id,
    reasonCode: 'DRILL',
    writer: world.primary,
    successor,
    copies: [world.replica],
    findings: detected.findings,
    suspect: { kind: 'transaction', id: detected.suspect.transaction },
    knownAt: detected.knownAt,
    pace,
    applicationTier,
  })
  // Cutting access asks nobody here; the recovery always does.
  return withSecondPerson(ports, () =>
    drive(isolateAndRecover, ports, { runId, mode: 'drill', startedBy: 'drill', input }),
  )
}

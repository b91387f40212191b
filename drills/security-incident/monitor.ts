import type { Client } from 'pg'
import { CLINIC_TABLES } from '../../adapters/postgres/clinic-schema'
import type { TableFingerprint } from '../../adapters/postgres/fingerprint'
import { firstSuspect, type Suspect } from '../../adapters/postgres/first-suspect'
import { rowChanges } from '../../adapters/postgres/row-changes'
import { compareContent } from '../../adapters/postgres/validation'
import { tooFast, violated, type ChangeSample } from '../../core/detection/deletion-rate'
import type { Policy } from '../../core/policy'
import { readBaseline } from '../../core/readiness/baseline'
import type { IntrusionFinding } from '../../core/runbook/isolate-and-recover/input'
import type { Stage } from '../stage'

/** One look at the counters, and where the log stood. */
interface Look extends ChangeSample {
  readonly position: string
}

/** What the monitors saw: each kind of finding, when on the wall, and the transaction that did it first. */
export interface Detected {
  readonly findings: Readonly<Partial<Record<IntrusionFinding, string>>>
  readonly suspect: Suspect
  /** When two independent kinds had been found. */
  readonly knownAt: string
}

/** What the answer to a finding may do at once. */
export type OnFinding = (finding: IntrusionFinding, at: Date) => void

/** Longest an attack may stay unnoticed before the drill itself gives up; not an objective. */
const GIVES_UP_MS = 60_000

export interface Monitor {
  /** Resolves once two independent kinds of finding say that the data is attacked. */
  readonly detected: Promise<Detected>
}

/** Watches the primary from now on, as production would at its own pace; it knows nothing of the attack. */
export async function startMonitor(stage: Stage, onFinding: OnFinding): Promise<Monitor> {
  const { world } = stage
  // Where the log is read: an extension of the server that only the fence role uses.
  await world.withInstance(world.primary, (client) => client.query('create extension if not exists pg_walinspect'))
  return new Promise((resolve, reject) => {
    const detected = world.withInstance(world.primary, (client) =>
      watch(stage, client, onFinding, () => resolve({ detected })),
    )
    detected.catch(reject)
  })
}

async function watch(stage: Stage, client: Client, onFinding: OnFinding, began: () => void): Promise<Detected> {
  const { ports, size } = stage
  const { policy } = size
  const { sampleEverySeconds, contentEverySeconds } = policy.rehearsal.attack
  const baseline = (await readBaseline(ports.coordination.recovery)) as unknown as TableFingerprint[]
  const looks: Look[] = [await look(stage, client)]
  began()
  const findings: Partial<Record<IntrusionFinding, string>> = {}
  const found = (finding: IntrusionFinding): void => {
    if (findings[finding] !== undefined) return
    const at = ports.clock.now()
    findings[finding] = at.toISOString()
    stage.say(`finding: ${finding}`)
    onFinding(finding, at)
  }
  let comparedMs = ports.clock.monotonicMs()
  let quietMs = comparedMs
  for (const beganMs = comparedMs; Object.keys(findings).length < 2;) {
    await ports.clock.sleep(sampleEverySeconds * 1000)
    looks.push(await look(stage, client))
    for (const finding of judge(looks, policy)) found(finding)
    if (ports.clock.monotonicMs() - comparedMs >= contentEverySeconds * 1000) {
      if ((await compareContent(client, CLINIC_TABLES, baseline)).differing.length > 0) found('CONTENT_DIFFERS')
      comparedMs = ports.clock.monotonicMs()
    }
    if (Object.keys(findings).length === 0) quietMs = looks.at(-1)!.atMs
    if (ports.clock.monotonicMs() - beganMs > GIVES_UP_MS)
      throw new Error(`no attack was noticed within ${GIVES_UP_MS / 1000} s`)
  }
  const knownAt = ports.clock.now().toISOString()
  const suspect = await firstSuspect(client, { since: searchFrom(looks, quietMs, policy), tables: CLINIC_TABLES })
  if (!suspect) throw new Error('the data is attacked, and no transaction of the log has touched it')
  return { findings, suspect, knownAt }
}

async function look({ ports }: Stage, client: Client): Promise<Look> {
  const { tables, position } = await rowChanges(client, CLINIC_TABLES)
  return { atMs: ports.clock.monotonicMs(), tables, position }
}

/** The newest look against the oldest one inside the interval. */
function judge(looks: readonly Look[], { incidentResponse, stores }: Policy): IntrusionFinding[] {
  const after = looks.at(-1)!
  const { intervalSeconds } = incidentResponse.deletionRate
  const before = looks.find(({ atMs }) => after.atMs - atMs <= intervalSeconds * 1000)!
  const appendOnly = stores.filter(({ rows }) => rows === 'append-only').map(({ id }) => id)
  return [
    ...(tooFast(before, after, incidentResponse.deletionRate).length > 0 ? (['DELETION_RATE'] as const) : []),
    ...(violated(before, after, appendOnly).length > 0 ? (['APPEND_ONLY_CHANGED'] as const) : []),
  ]
}

/** The counters are late, so that a look that saw nothing may have been one too many. */
function searchFrom(looks: readonly Look[], quietMs: number, { incidentResponse }: Policy): string {
  const fromMs = quietMs - incidentResponse.deletionRate.lookBackSeconds * 1000
  return (looks.findLast(({ atMs }) => atMs <= fromMs) ?? looks[0]!).position
}

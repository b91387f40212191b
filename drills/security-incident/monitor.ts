import type { Client } from 'pg'
import { CLINIC_TABLES } from '../../adapters/postgres/clinic-schema'
import type { TableBaseline } from '../../adapters/postgres/fingerprint/baseline'
import { firstSuspect, type Suspect } from '../../adapters/postgres/first-suspect'
import { rowChanges } from '../../adapters/postgres/row-changes'
import { compareContent } from '../../adapters/postgres/validation'
import { changeFindings } from '../../core/detection/change-watch'
import type { ChangeSample } from '../../core/detection/deletion-rate'
import type { Policy } from '../../core/policy'
import { readBaseline } from '../../core/readiness/baseline'
import type { IntrusionFinding } from '../../core/runbook/isolate-and-recover/input'
import type { Stage } from '../stage'

/** One look at the counters, and where the log stood. */
interface Look extends ChangeSample {
  readonly position: string
}

/** When each kind of finding came, on the wall. */
export type FindingTimes = Readonly<Partial<Record<IntrusionFinding, string>>>

/** What is known once two independent kinds had been found. */
export interface Detected {
  readonly findings: readonly IntrusionFinding[]
  /** The transaction that did it first. */
  readonly suspect: Suspect
  readonly knownAt: string
}

export interface Monitor {
  /** Resolves once two independent kinds of finding say that the data is attacked. */
  readonly detected: Promise<Detected>
  /** Ends the watch; it goes on after the first two findings to see how long each other kind takes. */
  end(): Promise<FindingTimes>
}

/** Longest an attack may stay unnoticed before the drill itself gives up; not an objective. */
const GIVES_UP_MS = 60_000

/** Watches the primary from now on, as production would at its own pace; it knows nothing of the attack. */
export async function startMonitor(
  stage: Stage,
  onFinding: (finding: IntrusionFinding, at: Date) => void,
): Promise<Monitor> {
  const { world, ports, say } = stage
  // Where the log is read: an extension of the server that only the fence role uses.
  await world.withInstance(world.primary, (client) => client.query('create extension if not exists pg_walinspect'))
  const watch = await Watch.begin(stage)
  const times: Partial<Record<IntrusionFinding, string>> = {}
  const stopped = new AbortController()
  const over = AbortSignal.any([stopped.signal, stage.over])
  let watching: Promise<void> | undefined
  const detected = new Promise<Detected>((resolve, reject) => {
    const goOn = async (): Promise<void> => {
      const beganMs = ports.clock.monotonicMs()
      while (!over.aborted) {
        await ports.clock.sleep(stage.size.policy.rehearsal.attack.sampleEverySeconds * 1000)
        const isQuiet = Object.keys(times).length === 0
        for (const finding of await watch.findings(isQuiet)) {
          if (times[finding] !== undefined) continue
          const at = ports.clock.now()
          times[finding] = at.toISOString()
          say(`finding: ${finding}`)
          onFinding(finding, at)
          if (Object.keys(times).length !== 2) continue
          const suspect = await watch.suspect()
          resolve({ findings: Object.keys(times) as IntrusionFinding[], suspect, knownAt: at.toISOString() })
        }
        if (isQuiet && ports.clock.monotonicMs() - beganMs > GIVES_UP_MS)
          throw new Error(`no attack was noticed within ${GIVES_UP_MS / 1000} s`)
      }
    }
    watching = goOn().catch(reject)
  })
  return {
    detected,
    end: async () => {
      stopped.abort()
      await watching
      return times
    },
  }
}

/** Looks at the primary, one after the other, and what they say together. */
class Watch {
  private comparedMs: number
  private quietMs: number

  private constructor(
    private readonly stage: Stage,
    private readonly baseline: readonly TableBaseline[],
    private readonly looks: Look[],
  ) {
    this.comparedMs = this.quietMs = stage.ports.clock.monotonicMs()
  }

  static async begin(stage: Stage): Promise<Watch> {
    const baseline = await readBaseline(stage.ports.coordination.recovery)
    return new Watch(stage, baseline as unknown as TableBaseline[], [
      await onPrimary(stage, (client) => look(stage, client)),
    ])
  }

  /** What one more look finds. */
  async findings(isQuiet: boolean): Promise<IntrusionFinding[]> {
    const { stage, looks, baseline } = this
    const { clock } = stage.ports
    return onPrimary(stage, async (client) => {
      looks.push(await look(stage, client))
      const found = judge(looks, stage.size.policy)
      if (clock.monotonicMs() - this.comparedMs >= stage.size.policy.rehearsal.attack.contentEverySeconds * 1000) {
        if ((await compareContent(client, CLINIC_TABLES, baseline)).differing.length > 0) found.push('CONTENT_DIFFERS')
        this.comparedMs = clock.monotonicMs()
      }
      if (isQuiet && found.length === 0) this.quietMs = looks.at(-1)!.atMs
      return found
    })
  }

  async suspect(): Promise<Suspect> {
    const { stage, looks, quietMs } = this
    const since = searchFrom(looks, quietMs, stage.size.policy)
    const found = await onPrimary(stage, (client) => firstSuspect(client, { since, tables: CLINIC_TABLES }))
    if (!found) throw new Error('the data is attacked, and no transaction of the log has touched it')
    return found
  }
}

const onPrimary = <T>({ world }: Stage, work: (client: Client) => Promise<T>): Promise<T> =>
  world.withInstance(world.primary, work)

async function look({ ports }: Stage, client: Client): Promise<Look> {
  const { tables, position } = await rowChanges(client, CLINIC_TABLES)
  return { atMs: ports.clock.monotonicMs(), tables, position }
}

/** The newest look against the oldest one inside the interval. */
function judge(looks: readonly Look[], policy: Policy): IntrusionFinding[] {
  const after = looks.at(-1)!
  const { intervalSeconds } = policy.incidentResponse.deletionRate
  const before = looks.find(({ atMs }) => after.atMs - atMs <= intervalSeconds * 1000)!
  return [...changeFindings(before, after, policy)]
}

/** The counters are late, so that a look that saw nothing may have been one too many. */
function searchFrom(looks: readonly Look[], quietMs: number, { incidentResponse }: Policy): string {
  const fromMs = quietMs - incidentResponse.deletionRate.lookBackSeconds * 1000
  return (looks.findLast(({ atMs }) => atMs <= fromMs) ?? looks[0]!).position
}

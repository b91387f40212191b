import { setTimeout as sleep } from 'node:timers/promises'
import { Crashed, Recorder } from '../../adapters/memory/faults'
import type { Ports } from '../../core/ports'
import { isPortError } from '../../core/ports/errors'
import { drive } from '../../core/runbook/engine'
import type { BaseInput, Runbook, RunState } from '../../core/runbook/model'
import type { NewRun } from '../../core/runbook/reducer'
import type { RealSchedule } from './schedule'

/** Engines that are tried before a run counts as one that never ends. */
const MOST_LIVES = 12
/** Until somebody notices that an engine has died and starts another. */
const UNNOTICED_MS = 300
const LATE_MS = 500

/** What is watched of the ports: everything that an engine can be between. */
const WATCHED = [
  'inventory',
  'promotion',
  'zoneStandby',
  'fence',
  'health',
  'database',
  'application',
  'trafficSwitch',
  'evidence',
] as const

/** Drives a run with engines that die and calls that fail as scheduled; undefined where none of them came to an end. */
export async function driveThrough<Input extends BaseInput>(
  runbook: Runbook<Input>,
  portsOf: () => Promise<Ports>,
  run: NewRun<Input>,
  schedule: Pick<RealSchedule, 'calls' | 'slowStores'>,
  note: (what: string) => void,
): Promise<RunState<Input> | undefined> {
  const counted = { calls: 0, stores: 0 }
  for (let lives = 0; lives < MOST_LIVES; lives++) {
    const ports = exposed(await portsOf(), schedule, counted, note)
    try {
      return await drive(runbook, ports, run)
    } catch (error) {
      if (!(error instanceof Crashed) && !isPortError(error)) throw error
      note(`engine ${lives + 1} ended: ${isPortError(error) ? error.code : 'died'}`)
      await sleep(UNNOTICED_MS)
    }
  }
  return undefined
}

/** The ports of one engine process, each call of which may be its last. */
function exposed(
  real: Ports,
  { calls, slowStores }: Pick<RealSchedule, 'calls' | 'slowStores'>,
  counted: { calls: number; stores: number },
  note: (what: string) => void,
): Ports {
  const recorder = new Recorder()
  recorder.keepsRequest = () => false
  recorder.arrivesLater = (effect) =>
    void sleep(LATE_MS)
      .then(effect)
      .catch(() => undefined)
  recorder.faultOf = async (call) => {
    const at = counted.calls++
    const isStore = call.startsWith('recovery.') || call.startsWith('witness.')
    if (isStore && slowStores.every > 0 && counted.stores++ % slowStores.every === 0) await sleep(slowStores.byMs)
    const fault = calls.find((scheduled) => scheduled.at === at)?.fault
    if (fault) note(`${fault} at call ${at}, ${call}`)
    return fault
  }
  const watched = WATCHED.map((name) => [name, recorder.watch(name, real[name])] as const)
  return {
    ...real,
    ...(Object.fromEntries(watched) as Partial<Ports>),
    coordination: {
      recovery: recorder.watch('recovery', real.coordination.recovery),
      witness: recorder.watch('witness', real.coordination.witness),
    },
  }
}

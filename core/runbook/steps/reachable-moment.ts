import { markedMoment } from '../../coordination/markers'
import type { Json } from '../../json'
import type { Ports } from '../../ports'
import type { InstanceRef } from '../../ports/database'
import type { RestoreTarget } from '../../ports/restore'

/** A moment that the history reaches, in UTC, or why there is none. */
export type ReachableMoment =
  | { readonly kind: 'reachable'; readonly at: string; readonly earliest: string; readonly latest: string }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: Json }

/** Looks for the moment of a target, and whether the instance can be restored to it. */
export async function reachableMoment(
  { restore, coordination, clock }: Pick<Ports, 'restore' | 'coordination' | 'clock'>,
  source: InstanceRef,
  target: RestoreTarget,
): Promise<ReachableMoment> {
  const told = await restore.momentOf(source, target)
  // A history that goes by time alone knows no names, and a database may have lost its own.
  const at = told ?? (target.kind === 'marker' ? await markedMoment(coordination, target.name) : undefined)
  if (at === undefined) return refused('TARGET_UNKNOWN', { target: target.kind })
  const window = await restore.window(source)
  if (!window) return refused('NO_HISTORY', { instance: source.instance })
  const moment = Date.parse(at)
  if (moment > clock.now().getTime()) return refused('TARGET_IN_FUTURE', { at })
  if (moment < Date.parse(window.earliest) || moment > Date.parse(window.latest))
    return refused('TARGET_OUT_OF_REACH', { at, ...window })
  return { kind: 'reachable', at, ...window }
}

const refused = (code: string, detail: Json): ReachableMoment => ({ kind: 'refused', code, detail })

import * as z from 'zod/mini'
import type { ConditionalStore } from '../ports/conditional-store'
import type { MarkedMoment } from '../ports/marking'
import { inBoth, inEither, type Places } from './places'

/** A moment that somebody may want to return to, such as one before a release. */
export interface Marker extends MarkedMoment {
  readonly name: string
}

const markerSchema = z.object({ name: z.string(), at: z.iso.datetime() })
const keyOf = (name: string): string => `markers/${name}`

/**
 * Keeps a marker where it can be read while its database is lost, and where a history that knows only time is asked for it. The
 * same name again moves its mark. Gives how many places did not answer; throws PortError('unreachable') where neither did.
 */
export async function keepMarker(places: Places, marker: Marker): Promise<{ readonly placesAway: number }> {
  const kept = await inBoth(places, (store) => put(store, marker))
  return { placesAway: Object.keys(places).length - kept.length }
}

/** Moment of a mark as the recovery region holds it, or the witness where that one is away; undefined where none was set. */
export async function markedMoment(places: Places, name: string): Promise<string | undefined> {
  const held = await inEither(places, (store) => store.get(keyOf(name)))
  return held && markerSchema.parse(held.value).at
}

async function put(store: ConditionalStore, marker: Marker): Promise<void> {
  const key = keyOf(marker.name)
  for (;;) {
    const held = await store.get(key)
    const written = held
      ? await store.replace(key, { ...marker }, held.version)
      : await store.create(key, { ...marker })
    if (written === 'created' || written === 'replaced') return
  }
}

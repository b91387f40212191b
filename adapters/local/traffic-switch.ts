import type { Json } from '../../core/json'
import type { InstanceRef } from '../../core/ports/database'
import type { ConditionalStore } from '../../core/ports/conditional-store'
import { PortError } from '../../core/ports/errors'
import type { TrafficSwitch } from '../../core/ports/traffic-switch'
import { resolveServed, type Resolver } from './client-recipe'

/** Key of the switch object in the store of each place. */
export const SWITCH_KEY = 'traffic-switch'

/** A switch of one object per place; what is served is asked of the name server that reads them. */
export function storeTrafficSwitch(
  stores: Readonly<Record<'recovery' | 'witness', ConditionalStore>>,
  resolver: Resolver,
  instanceOf: (endpoint: string) => InstanceRef | undefined,
): TrafficSwitch {
  return {
    point: (place, { region, instance, epoch }) =>
      point(stores[place], place, { region, ...(instance !== undefined && { instance }), epoch }),
    served: async () => {
      const { target } = await resolveServed(resolver)
      return instanceOf(target)
    },
  }
}

type Pointed = Omit<Parameters<TrafficSwitch['point']>[1], 'key'>

/** A switch never goes back to an older epoch, whoever asks late. */
async function point(store: ConditionalStore, place: string, wanted: Pointed): Promise<void> {
  const { epoch } = wanted
  const stored = await store.get(SWITCH_KEY)
  const held = stored?.value as Pointed | undefined
  if (held && held.epoch > epoch) {
    throw new PortError(
      'conflict',
      'SWITCH_NEWER',
      `the ${place} switch was set by epoch ${held.epoch}, newer than ${epoch}`,
    )
  }
  if (held?.epoch === epoch && held.region === wanted.region && held.instance === wanted.instance) return
  const value: Json = { ...wanted }
  const written = stored
    ? await store.replace(SWITCH_KEY, value, stored.version)
    : await store.create(SWITCH_KEY, value)
  if (written === 'stale' || written === 'exists')
    throw new PortError('unreachable', 'SWITCH_RACED', 'the traffic switch was moved at the same moment; look again')
}

import type { TrafficSwitch } from '../../ports/traffic-switch'
import { ordinary, type MoveInput, type MoveStep } from './input'

/** Moves the served names, in both places, and waits until a client would be told so. */
export const switchTraffic: MoveStep = {
  ...ordinary,
  id: 'switch-traffic',
  title: 'Switch traffic to the new writer',
  byHand:
    'Point the switch objects of the recovery and the witness region to the new writer. Resolve the served name until it answers so.',
  privilege: 'switch-traffic',
  timeoutSeconds: (input) => input.timeouts.switchSeconds,
  begin: async ({ ports, input, outputs, key }) => {
    const { epoch } = outputs['claim-epoch'] as { epoch: number }
    for (const place of ['recovery', 'witness'] as const) {
      await ports.trafficSwitch.point(place, { ...input.successor, epoch, key })
    }
    return { kind: 'pending', handle: null }
  },
  poll: async ({ ports, input }) => {
    const served = await ports.trafficSwitch.served()
    return leadsTo(input, served)
      ? { kind: 'done', output: { served: input.successor.region } }
      : { kind: 'pending', handle: null }
  },
  preview: async ({ ports }) => ({ served: (await ports.trafficSwitch.served())?.region ?? null }),
  undo: { none: 'after the promotion there is only forward' },
}

type Served = Awaited<ReturnType<TrafficSwitch['served']>>

/** A region that is told apart no further serves its only database, so that a move inside it needs the name of the new one. */
function leadsTo({ writer, successor }: MoveInput, served: Served): boolean {
  if (served?.region !== successor.region) return false
  if (served.instance !== undefined) return served.instance === successor.instance
  return writer.region !== successor.region || writer.instance === successor.instance
}

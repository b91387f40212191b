import { ordinary, type MoveStep } from './input'

/** Moves the served names, in both places, and waits until a client would be told so. */
export const switchTraffic: MoveStep = {
  ...ordinary,
  id: 'switch-traffic',
  title: 'Switch traffic to the new writer',
  byHand:
    'Point the switch objects of the recovery and the witness region to the region of the new writer. Resolve the served name until it answers so.',
  privilege: 'switch-traffic',
  timeoutSeconds: (input) => input.timeouts.switchSeconds,
  begin: async ({ ports, input, outputs, key }) => {
    const { epoch } = outputs['claim-epoch'] as { epoch: number }
    for (const place of ['recovery', 'witness'] as const) {
      await ports.trafficSwitch.point(place, { region: input.successor.region, epoch, key })
    }
    return { kind: 'pending', handle: null }
  },
  poll: async ({ ports, input }) => {
    const served = await ports.trafficSwitch.served()
    return served?.region === input.successor.region
      ? { kind: 'done', output: { served: served.region } }
      : { kind: 'pending', handle: null }
  },
  preview: async ({ ports }) => ({ served: (await ports.trafficSwitch.served())?.region ?? null }),
  undo: { none: 'after the promotion there is only forward' },
}

import { ordinary, type FailoverStep } from './input'

/** Moves the served names, in both places, and waits until a client would be told so. */
export const switchTraffic: FailoverStep = {
  ...ordinary,
  id: 'switch-traffic',
  title: 'Switch traffic to the recovery region',
  byHand:
    'Point the switch objects of the recovery and the witness region to the recovery region. Resolve the served name until it answers so.',
  privilege: 'switch-traffic',
  timeoutSeconds: (input) => input.timeouts.switchSeconds,
  begin: async ({ ports, input, outputs, key }) => {
    const { epoch } = outputs['claim-epoch'] as { epoch: number }
    for (const place of ['recovery', 'witness'] as const) {
      await ports.trafficSwitch.point(place, { region: input.replica.region, epoch, key })
    }
    return { kind: 'pending', handle: null }
  },
  poll: async ({ ports, input }) => {
    const served = await ports.trafficSwitch.served()
    return served?.region === input.replica.region
      ? { kind: 'done', output: { served: served.region } }
      : { kind: 'pending', handle: null }
  },
  preview: async ({ ports }) => ({ served: (await ports.trafficSwitch.served())?.region ?? null }),
  undo: { none: 'after the promotion there is only forward' },
}

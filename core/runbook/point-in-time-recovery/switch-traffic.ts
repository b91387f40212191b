import { switchTraffic as toSuccessor } from '../steps/switch-traffic'
import type { MoveStep } from '../steps/input'
import type { PointInTimeStep } from './input'

/** A copy stands in the region that is served already, so that no switch between regions moves. */
export const toCopy: MoveStep = {
  ...toSuccessor,
  byHand:
    'Put the endpoint of the copy in place of the old one in the DNS record of its region. Resolve the served name until it answers so.',
}

/** Nobody was let into the copy yet, so that a run that stops leads clients back to where they came from. */
export const switchTraffic: PointInTimeStep = {
  ...toCopy,
  undo: {
    title: 'Lead clients back to the old writer',
    run: async ({ ports, input, outputs, key }) => {
      const { epoch } = outputs['claim-epoch'] as { epoch: number }
      for (const place of ['recovery', 'witness'] as const)
        await ports.trafficSwitch.point(place, { ...input.writer, epoch, key: `${key}/undo` })
    },
  },
}

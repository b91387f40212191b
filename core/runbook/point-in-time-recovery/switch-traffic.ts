import { switchTraffic as toSuccessor } from '../steps/switch-traffic'
import type { PointInTimeStep } from './input'

/** Nobody was let into the copy yet, so that a run that stops leads clients back to where they came from. */
export const switchTraffic: PointInTimeStep = {
  ...toSuccessor,
  undo: {
    title: 'Lead clients back to the old writer',
    run: async ({ ports, input, outputs, key }) => {
      const { epoch } = outputs['claim-epoch'] as { epoch: number }
      for (const place of ['recovery', 'witness'] as const)
        await ports.trafficSwitch.point(place, { ...input.writer, epoch, key: `${key}/undo` })
    },
  },
}

import { publish } from '../../adapters/aws/metrics'
import { replicaComparison } from '../../adapters/aws/replica-comparison'
import { compareItem, endComparison, planComparison } from '../../core/verification/replica/compare-replica'
import { invocation } from '../invocation'
import * as form from './contract'

const world = replicaComparison(process.env)

export const handler = invocation(form, async (asked) => {
  if (asked.task === 'plan') return { items: await planComparison(world) }
  if (asked.task === 'compare') return compareItem(world, asked.item)
  const ended = await endComparison(world, asked)
  const now = world.clock.now()
  // There is nothing to compare then, and so nothing that was left out.
  publish('replicaComparisons', ended === 'not-the-writer' || ended.whole ? 1 : 0, now)
  if (ended === 'not-the-writer') return { verdict: ended, failures: 0, parts: 0 }
  publish('dataIntegrityFailures', ended.failures, now)
  return ended
})

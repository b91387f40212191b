import { decideThatLost } from '../steps/decide'
import type { ZoneFailoverInput } from './input'

export const decide = decideThatLost<ZoneFailoverInput>({
  title: 'Decide that the zone of the database is lost',
  byHand:
    'Look at the health checkers and at the replica of the other region: is its receiver stalled? Does the control plane of the region answer? If the region itself is gone, use the region failover.',
  observer: ({ observer }) => observer,
  question: ({ writer }) => `Fail '${writer.instance}' over to its standby in another zone?`,
  doubt: ({ writer }) => `'${writer.instance}' is down. Fail over to its standby?`,
})

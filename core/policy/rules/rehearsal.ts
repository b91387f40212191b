import { rule, when, type Rules } from './rule'

const stallsAreNoOutages = rule(
  'what the quiet run injects is shorter than anything that counts as a failure',
  [
    'rehearsal.quiet.stallSeconds',
    'rehearsal.pace.detection.probeEverySeconds',
    'rehearsal.pace.detection.consecutiveFailures',
    'rehearsal.pace.lease.durationSeconds',
  ],
  ({ rehearsal: { quiet, pace } }) => {
    const { probeEverySeconds, consecutiveFailures } = pace.detection
    const shortest = Math.min(probeEverySeconds * consecutiveFailures, pace.lease.durationSeconds)
    return when(
      quiet.stallSeconds >= shortest,
      'rehearsal.quiet.stallSeconds',
      `is ${quiet.stallSeconds}, and a failure lasts ${shortest} s`,
      'shorten the stalls',
    )
  },
)

const stallsLeaveTimeToRecover = rule(
  'between two stalls the primary region works for as long as it was stalled',
  ['rehearsal.quiet.stallEverySeconds', 'rehearsal.quiet.stallSeconds'],
  ({ rehearsal: { quiet } }) =>
    when(
      quiet.stallEverySeconds < 2 * quiet.stallSeconds,
      'rehearsal.quiet.stallEverySeconds',
      `is ${quiet.stallEverySeconds} with stalls of ${quiet.stallSeconds} s`,
      `use at least ${2 * quiet.stallSeconds}`,
    ),
)

const quietRunIsLong = rule(
  'a quiet run holds enough stalls to mean something',
  ['rehearsal.quiet.seconds', 'rehearsal.quiet.stallEverySeconds'],
  ({ rehearsal: { quiet } }) =>
    when(
      quiet.seconds < 10 * quiet.stallEverySeconds,
      'rehearsal.quiet.seconds',
      `is ${quiet.seconds}, less than ten stalls`,
      `use at least ${10 * quiet.stallEverySeconds}`,
    ),
)

const copiesAreNoSlowerThanProduction = rule(
  'the rehearsal copies settings and assets within the time that production promises',
  [
    'rehearsal.content.configurationCopySeconds',
    'rehearsal.content.assetReplicationSeconds',
    'mechanisms.configurationCopySeconds',
    'mechanisms.assetReplicationMinutes',
  ],
  ({ rehearsal: { content }, mechanisms }) => [
    ...when(
      content.configurationCopySeconds > mechanisms.configurationCopySeconds,
      'rehearsal.content.configurationCopySeconds',
      `is ${content.configurationCopySeconds}, and production promises ${mechanisms.configurationCopySeconds} s`,
      'shorten it',
    ),
    ...when(
      content.assetReplicationSeconds > mechanisms.assetReplicationMinutes * 60,
      'rehearsal.content.assetReplicationSeconds',
      `is ${content.assetReplicationSeconds}, and production promises ${mechanisms.assetReplicationMinutes} min`,
      'shorten it',
    ),
  ],
)

export const rehearsalRules: Rules = {
  stallsAreNoOutages,
  stallsLeaveTimeToRecover,
  quietRunIsLong,
  copiesAreNoSlowerThanProduction,
}

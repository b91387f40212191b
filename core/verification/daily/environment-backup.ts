import { found, judgeOne, minutesSince, type Judge } from './judge'

/** The region holds a young backup of the environment, and opens it by its own key alone. */
export const environmentBackup: Judge = (facts, { oldestEnvironmentMinutes: most }) =>
  judgeOne(facts.environment, ({ newest }) => {
    if (!newest) return [found('environment-not-backed-up', 'environment')]
    const minutes = Math.round(minutesSince(newest.takenAt, facts))
    return [
      ...(minutes > most ? [found('environment-not-backed-up', 'environment', { minutes, most })] : []),
      ...(newest.opened === 'yes' ? [] : [found('environment-not-opened', 'environment', { code: newest.opened })]),
    ]
  })

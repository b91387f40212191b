import { found, judgeOne, type Judge } from './judge'

const DAY_MS = 86_400_000

/** The database that writes here can be restored to a moment just gone by, and as far back as the policy says. */
export const restorableTime: Judge = (facts, { writer, histories }) => {
  if (!writer) return undefined
  return judgeOne(facts.window, (window) => {
    if (!window) return [found('no-history', writer.instance)]
    const seconds = Math.round((Date.parse(facts.at) - Date.parse(window.latest)) / 1000)
    const days = (Date.parse(facts.at) - Date.parse(window.earliest)) / DAY_MS
    const known = oldestDays()
    // A window is as long as the database is old until it is as long as it has to be.
    const wanted = Math.min(writer.reachesDays, known) - 1
    return [
      ...(seconds > writer.restorableWithinSeconds
        ? [found('restorable-too-old', writer.instance, { seconds, most: writer.restorableWithinSeconds })]
        : []),
      ...(days < wanted
        ? [found('history-too-short', writer.instance, { days: Math.floor(days), least: Math.floor(wanted) })]
        : []),
    ]
  })

  /** Age of the oldest snapshot of the writer; days. */
  function oldestDays(): number {
    const snapshots = histories.find(({ vault, resource }) => vault === 'snapshots' && resource === writer!.instance)
    const points = facts.points.snapshots
    const days = snapshots && points?.seen ? (points.value.of[snapshots.resource]?.days ?? []) : []
    return days.length === 0 ? 0 : Math.floor(Date.parse(facts.at) / DAY_MS) - Math.min(...days)
  }
}

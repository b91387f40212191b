import { found, judgeOne, type Judge } from './judge'

/** The last dump of every archived class lies whole in the archive of the region. */
export const archive: Judge = (facts, { archivedClasses }) =>
  archivedClasses === 0
    ? undefined
    : judgeOne(facts.lateDumps, (late) => late.map((dataClass) => found('dump-late', dataClass)))

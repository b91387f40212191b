import type { Json } from '../json'
import { NOT_MEASURED, type DrillResult, type Objective } from './drill-result'

/** A measured number against the most the policy allows; undefined is not measured, and never met. */
export const atMost = (name: string, target: number, measured: number | undefined): Objective => ({
  name,
  target,
  measured: measured ?? NOT_MEASURED,
  met: measured !== undefined && measured <= target,
})

/** A verdict, or any other word, against the one the policy asks for; undefined is not measured, and never met. */
export const exactly = (name: string, target: string, measured: string | undefined): Objective => ({
  name,
  target,
  measured: measured ?? NOT_MEASURED,
  met: measured === target,
})

/** `fail` once anything measured broke its promise, `pass` only when all was measured and met. */
export function verdictOf(objectives: readonly Objective[]): DrillResult['verdict'] {
  if (objectives.some((objective) => !objective.met && !isOpen(objective))) return 'fail'
  return objectives.length > 0 && objectives.every(({ met }) => met) ? 'pass' : 'inconclusive'
}

/** What an objective goes by in evidence, which holds codes and no sentences. */
export const objectiveCode = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

/** Every objective by its code, for a record: whoever asks for one of them need not take the verdict over all. */
export const objectivesInRecord = (objectives: readonly Objective[]): Record<string, Json> =>
  Object.fromEntries(
    objectives.map(({ name, target, measured, met }) => [objectiveCode(name), { target, measured, met }]),
  )

const isOpen = ({ measured }: Objective): boolean => measured === NOT_MEASURED || measured === 'inconclusive'

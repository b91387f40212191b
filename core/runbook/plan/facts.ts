import type { Json } from '../../json'
import type { MoveInput } from '../steps/input'
import type { Preview } from './previews'

/** What a plan rests on and what must not have changed when it is applied. */
interface Fact {
  readonly name: string
  /** Step whose preview sees it. */
  readonly step: string
  readonly read: (seen: Readonly<Record<string, Json>>) => Json
}

const FACTS: readonly Fact[] = [
  { name: 'epoch-in-recovery', step: 'claim-epoch', read: ({ recovery = null }) => recovery },
  { name: 'epoch-in-witness', step: 'claim-epoch', read: ({ witness = null }) => witness },
  { name: 'epoch-holder', step: 'claim-epoch', read: ({ holder = null }) => holder },
  { name: 'successor-role', step: 'promote', read: ({ role = null }) => role },
  { name: 'successor-status', step: 'promote', read: ({ status = null }) => status },
  { name: 'served-region', step: 'switch-traffic', read: ({ served = null }) => served },
  { name: 'ledger-head', step: 'replay-ledger', read: ({ head = null }) => head },
]

/** Steps whose previews see a fact. */
export const isFactual = (step: string): boolean => FACTS.some((fact) => fact.step === step)

export type FactValue = string | number | null
export type Facts = Readonly<Record<string, FactValue>>

/** Every fact as it was seen, or `not seen` with the code of why not. */
export function factsOf(
  { writer, successor }: Pick<MoveInput, 'writer' | 'successor'>,
  policyHash: string,
  previews: ReadonlyMap<string, Preview>,
): Facts {
  const seen = FACTS.map(({ name, step, read }): [string, FactValue] => {
    const preview = previews.get(step) ?? { notSeen: 'NOT_LOOKED_AT' }
    if ('notSeen' in preview) return [name, `not seen (${preview.notSeen})`]
    const value = read(preview.seen as Readonly<Record<string, Json>>)
    return [name, typeof value === 'number' || typeof value === 'string' ? value : null]
  })
  return {
    policy: policyHash,
    writer: `${writer.instance} in ${writer.region}`,
    successor: `${successor.instance} in ${successor.region}`,
    ...Object.fromEntries(seen),
  }
}

export interface ChangedFact {
  readonly name: string
  readonly planned: FactValue
  readonly now: FactValue
}

/** Facts that are not as they were planned on, in the order of the plan. */
export const changedFacts = (planned: Facts, now: Facts): readonly ChangedFact[] =>
  [...new Set([...Object.keys(planned), ...Object.keys(now)])]
    .map((name) => ({ name, planned: planned[name] ?? null, now: now[name] ?? null }))
    .filter((fact) => fact.planned !== fact.now)

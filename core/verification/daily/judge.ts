import type { Json } from '../../json'
import type { Expectations } from './expectations'
import type { DailyFacts } from './facts'
import type { DailyFindingCode } from './findings'
import type { Seen } from './seen'

/** One thing that is not as it has to be. Counts, names and times; never what the data says. */
export interface Found<Code extends string = DailyFindingCode> {
  readonly code: Code
  readonly subject: string
  readonly detail: Readonly<Record<string, Json>>
}

/** What a check came to. */
export interface Judged<Code extends string = DailyFindingCode> {
  /** How many things it looked at. */
  readonly looked: number
  readonly found: readonly Found<Code>[]
  /** What could not be looked at, by the code of the refusal. */
  readonly unseen: readonly string[]
}

/** Pure: the same facts and expectations, the same answer. Undefined where the region has nothing of the kind to look at. */
export type Judge = (facts: DailyFacts, expected: Expectations) => Judged | undefined

export const found = <Code extends string>(
  code: Code,
  subject: string,
  detail: Readonly<Record<string, Json>> = {},
): Found<Code> => ({ code, subject, detail })

/** Judges each of some things by what was seen of it, and keeps apart what was not. */
export function judgeEach<T, S, Code extends string>(
  things: readonly T[],
  seenOf: (thing: T) => Seen<S> | undefined,
  judge: (thing: T, seen: S) => readonly Found<Code>[],
): Judged<Code> | undefined {
  if (things.length === 0) return undefined
  const results = things.map((thing) => {
    const seen = seenOf(thing)
    if (!seen) return { unseen: ['NOT_LOOKED_AT'], found: [] }
    return seen.seen ? { unseen: [], found: judge(thing, seen.value) } : { unseen: [seen.code], found: [] }
  })
  return {
    looked: results.filter(({ unseen }) => unseen.length === 0).length,
    found: results.flatMap((result) => result.found),
    unseen: [...new Set(results.flatMap(({ unseen }) => unseen))],
  }
}

/** The same of one thing. */
export const judgeOne = <S, Code extends string>(
  seen: Seen<S>,
  judge: (value: S) => readonly Found<Code>[],
): Judged<Code> =>
  judgeEach(
    [seen],
    (thing) => thing,
    (_, value) => judge(value),
  ) ?? { looked: 0, found: [], unseen: [] }

/**
 * Every judge over the same facts, by its name, each finding with what it means; apart from those that have nothing to look at.
 * What a check comes to, and all of them together, whoever asks decides.
 */
export function judgeAll<Name extends string, Facts, Expected, Code extends string, Kind extends object>(
  judges: Readonly<Record<Name, (facts: Facts, expected: Expected) => Judged<Code> | undefined>>,
  kinds: Readonly<Record<Code, Kind>>,
  facts: Facts,
  expected: Expected,
): JudgedAll<Name, Found<Code> & Kind> {
  const checks: JudgedCheck<Name, Found<Code> & Kind>[] = []
  const notExpected: Name[] = []
  for (const check of Object.keys(judges).filter((name): name is Name => name in judges)) {
    const judged = judges[check](facts, expected)
    if (!judged) notExpected.push(check)
    else {
      const { looked, unseen, found: all } = judged
      checks.push({ check, looked, unseen, findings: all.map((one) => ({ ...one, ...kinds[one.code] })) })
    }
  }
  return { checks, notExpected }
}

/** One check that had something to look at. */
export interface JudgedCheck<Name, Finding> extends Pick<Judged, 'looked' | 'unseen'> {
  readonly check: Name
  readonly findings: readonly Finding[]
}

export interface JudgedAll<Name, Finding> {
  readonly checks: readonly JudgedCheck<Name, Finding>[]
  readonly notExpected: readonly Name[]
}

/** Time from a moment to the look; minutes. */
export const minutesSince = (at: string, facts: Pick<DailyFacts, 'at'>): number =>
  (Date.parse(facts.at) - Date.parse(at)) / 60_000

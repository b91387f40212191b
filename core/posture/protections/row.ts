import type { Json } from '../../json'

/** What a protection is about, in the words of the procedure. */
export type Term =
  | 'objective'
  | 'retention'
  | 'lock'
  | 'encryption'
  | 'copy'
  | 'replica'
  | 'alarm'
  | 'test frequency'
  | 'access'
  | 'existence'

/**
 * When a change of a value weakens:
 * - `no-less`, `no-more`: a number that falls, or grows; a switch that goes off, or on; one that vanishes
 * - `no-sooner`: a time after which something goes that shrinks, or appears
 * - `unchanged`: any change, and vanishing; a value where there was none is none the worse
 * - `exactly`: any change at all, also a value where there was none; what no row speaks of is held so
 * - `no-rarer`: a schedule whose longest pause grows, or that nobody can read any more
 * - `no-harder-to-trip`: a threshold that is reached later, by the side on which its alarm rings
 * - `no-weaker-word`: a word further down in the row's own list, or one that is not in it
 * - `no-new-grants`: a policy allows something more, or denies something less
 * - `same-grants`: the same, or it allows something less: of a key, without which data cannot be read
 * - `no-new-entries`, `no-fewer-entries`: a list that lets something in grows; one that protects loses an entry
 * - `no-fewer-calls`: a pattern of events that changes in anything but more names of calls in its alternatives; what else it
 *   matches more may count as a success that was none
 */
export type Order =
  | 'no-less'
  | 'no-more'
  | 'no-sooner'
  | 'unchanged'
  | 'exactly'
  | 'no-rarer'
  | 'no-harder-to-trip'
  | 'no-weaker-word'
  | 'no-new-grants'
  | 'same-grants'
  | 'no-new-entries'
  | 'no-fewer-entries'
  | 'no-fewer-calls'

/** One protective property of one type of resource. `*` in a path stands for each entry of a list, by its name where it has one. */
export interface ProtectionRow {
  readonly type: string
  readonly path: string
  readonly term: Exclude<Term, 'existence'>
  readonly order: Order
  /** What the property protects, to be read behind the name of the resource. */
  readonly words: string
  /** What holds where the property is not there. @default nothing */
  readonly whenAbsent?: Json
  /** The words of `no-weaker-word`, the strongest first. */
  readonly strongestFirst?: readonly string[]
}

/** A row of the register. */
export const row = (
  type: string,
  path: string,
  term: ProtectionRow['term'],
  order: Order,
  words: string,
  whenAbsent?: Json,
): ProtectionRow => ({ type, path, term, order, words, ...(whenAbsent !== undefined && { whenAbsent }) })

/** A property whose words are ordered. */
export const words = (
  type: string,
  path: string,
  term: ProtectionRow['term'],
  said: string,
  strongestFirst: readonly string[],
  whenAbsent?: Json,
): ProtectionRow => ({ ...row(type, path, term, 'no-weaker-word', said, whenAbsent), strongestFirst })

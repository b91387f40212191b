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
 * - `no-new-grants`: a policy allows something more, or denies something less
 * - `no-new-entries`: a list that lets something in grows
 */
export type Order = 'no-less' | 'no-more' | 'no-sooner' | 'unchanged' | 'no-new-grants' | 'no-new-entries'

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

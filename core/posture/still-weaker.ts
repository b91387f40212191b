import type { Json } from '../json'
import type { Assembly, StackTemplate } from './assembly'
import { keepsLess, ofResource, orDefault, USUAL, type Weakening } from './diff'
import { placesOf } from './places'
import { harmlessIn, rowsOf, type ProtectionRow } from './protections'
import { valuesAt } from './values-at'
import { weakens } from './weakens'

/** Where something was weakened, and what was there before; null: nothing. */
type Weakened = Pick<Weakening, 'subject' | 'path' | 'before'>

/**
 * Whether an assembly still has less than was there before a weakening, by the order of that property: an allowed 14 in
 * place of 35 is not restored by 15. What is gone with its resource is judged by the resource's own going.
 */
export function stillWeaker(now: Assembly, { subject, path, before }: Weakened): boolean {
  const was = before ?? undefined
  if (subject === 'policy') return path === '*' ? now.policy === undefined : isLess('policy', path, was, now.policy)
  const { stack, id, resource } = placeOf(now, subject)
  if (id === undefined) return stack !== undefined && frameIsLess(stack, path, was)
  if (path === '*') return was === undefined ? opensStill(now, subject) : resource === undefined
  if (!stack || !resource) return false
  // By this name the replacement of data is recorded, which moves with its stack.
  if (path === 'region') return was !== stack.region
  if (path === 'Condition') return was !== resource.Condition
  if (path === 'DeletionPolicy' || path === 'UpdateReplacePolicy') return keepsLess(was, resource[path])
  return isLess(resource.Type, path, was, resource.Properties)
}

/** What an assembly has where a weakening was found; null for nothing. */
export function valueIn(now: Assembly, { subject, path }: Pick<Weakening, 'subject' | 'path'>): Json {
  if (subject === 'policy') return path === '*' ? (now.policy === undefined ? null : 'there') : at(now.policy, path)
  const { stack, id, resource } = placeOf(now, subject)
  if (id === undefined || path === 'region') return at(stack && frameOf(stack), path)
  if (path === '*') return resource === undefined ? null : (resource.Properties ?? {})
  const { Condition = null, DeletionPolicy = null, UpdateReplacePolicy = null, Properties } = resource ?? {}
  return at({ Condition, DeletionPolicy, UpdateReplacePolicy, ...Properties }, path)
}

function placeOf({ stacks }: Assembly, subject: string) {
  const [name, id] = subject.split('/')
  const stack = stacks.find((one) => one.stack === name)
  return { stack, id, resource: id === undefined ? undefined : stack?.resources[id] }
}

/** Of what was not there, only what it lets through was a weakening. */
const opensStill = (now: Assembly, subject: string): boolean =>
  ofResource(subject, undefined, placeOf(now, subject).resource).some(({ path }) => path === '*')

function frameIsLess(stack: StackTemplate, path: string, was: Json | undefined): boolean {
  if (path === 'terminationProtection') return was === true && stack.terminationProtection !== true
  return weakens({ order: 'exactly', beside: [undefined, undefined] }, was, at(frameOf(stack), path) ?? undefined)
}

const frameOf = ({ sections, region, terminationProtection = false }: StackTemplate): Json => ({
  ...sections,
  region,
  terminationProtection,
})

function isLess(type: string, path: string, was: Json | undefined, held: Json | undefined): boolean {
  const is = at(held, path) ?? undefined
  const beside = [held, held] as const
  const rows = rowsOf(type).filter((row) => placesOf([row.path]).has(path))
  if (rows.length > 0) return rows.some((row) => weakens({ ...row, beside }, ...compared(row, was, is)))
  const free = placesOf(harmlessIn(type).map((harmless) => harmless.path))
  return !free.covers(path) && weakens({ order: 'exactly', beside }, was, is)
}

/** Both values as they were compared when the weakening was found: of what is new, the usual opens nothing. */
function compared(row: ProtectionRow, was: Json | undefined, is: Json | undefined) {
  const [before, now] = [orDefault(was, row.whenAbsent), orDefault(is, row.whenAbsent)]
  const usual = USUAL[row.order]
  if (was !== undefined || now === undefined || row.term !== 'access' || !usual) return [before, now] as const
  return usual(row, now)
}

const at = (held: Json | undefined, path: string): Json => {
  const [found] = valuesAt(held, path)
  return found?.value ?? null
}

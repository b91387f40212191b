import type { Compliance, CopyProtection, Guarded, Protection } from '../ports/compliance'
import { ofResource, type Weakening } from '../posture/diff'
import { byExposure, FINDING_CODES, kindOf, type FindingCode } from './finding-kinds'
import { templateForm } from './template-form'

/** One violation: its code, and what is declared of the thing that it is about. */
export interface Finding {
  readonly code: FindingCode
  readonly declared: Protection
}

/** A thing as evidence and people name it. */
export const referenceOf = ({ kind, region, name }: Guarded): string => `${kind}/${region}/${name}`

/** By what a thing protects less than declared, in the terms of the posture. Undefined: it is not there. */
export function weakeningsOf(declared: Protection, found: Protection | undefined): Weakening[] {
  return ofResource(referenceOf(declared), templateForm(declared), found && templateForm(found))
}

/**
 * The codes for what is weaker, each once; all of its kind for a thing that is gone, which protects nothing any more. What no
 * code of the register covers is in no list, and has to be looked for apart.
 */
export const codesOf = (declared: Protection, weaker: readonly Weakening[]): FindingCode[] =>
  FINDING_CODES.filter((code) => {
    const { kind, seenAt } = kindOf(code)
    return kind === declared.kind && weaker.some(({ path }) => path === WHOLE || seenAt.test(path))
  })

/** Where the comparison of postures sees that a whole thing is gone. */
const WHOLE = '*'

/** Whether a finding still holds: looked up anew, in the account itself. */
export async function stillHolds(compliance: Compliance, { code, declared }: Finding): Promise<boolean> {
  const found = await compliance.protectionOf(declared)
  // A snapshot that is gone can no longer be read by anybody.
  if (declared.kind === 'copy' && !found) return false
  return codesOf(declared, weakeningsOf(declared, found)).includes(code)
}

/**
 * Every violation of what is declared, the most exposing first. Snapshots are declared nowhere: each one that somebody took
 * has to have the key of the databases of its region. Costs one look a thing.
 */
export async function findViolations(
  compliance: Compliance,
  declared: readonly Protection[],
  keysOfCopies: ReadonlyMap<string, string>,
): Promise<Finding[]> {
  const found: Finding[] = []
  for (const one of declared) {
    const weaker = weakeningsOf(one, await compliance.protectionOf(one))
    found.push(...codesOf(one, weaker).map((code) => ({ code, declared: one })))
  }
  for (const [region, key] of keysOfCopies)
    for (const copy of await compliance.copies(region)) {
      const wanted: CopyProtection = { ...copy, key }
      found.push(...codesOf(wanted, weakeningsOf(wanted, copy)).map((code) => ({ code, declared: wanted })))
    }
  return found.toSorted((a, b) => byExposure(a.code, b.code))
}

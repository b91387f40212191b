import { compareFingerprints, type Finding } from '../integrity/compare'
import type { DatabaseFingerprint } from '../integrity/fingerprint'
import { worst, type Verdict } from '../integrity/verdict'
import type { CheckOutcome } from './checks'

/** So many names of what differs are told; the count is of all. */
const TOLD = 5

const COMPARED = [
  { check: 'roles', failed: 'ROLES_DIFFER' },
  { check: 'content', failed: 'CONTENT_DIFFERS' },
  { check: 'catalog', failed: 'CATALOG_DIFFERS' },
  { check: 'sequences', failed: 'SEQUENCES_DIFFER' },
] as const

/** What of a restored database is not what was backed up, by the check that it belongs to. */
export function compareContent(backedUp: DatabaseFingerprint, restored: DatabaseFingerprint): CheckOutcome[] {
  const { findings } = compareFingerprints(backedUp, restored, { copy: 'logical' })
  return COMPARED.flatMap(({ check, failed }): CheckOutcome[] => {
    const about = findings.filter((finding) => checkOf(finding) === check)
    const verdict = worst(about.map(verdictOf))
    const [first, ...others] = about.filter((finding) => verdictOf(finding) === verdict)
    if (verdict === 'pass' || !first) return []
    return [{ check, verdict, code: verdict === 'fail' ? failed : first.code, detail: told([first, ...others]) }]
  })
}

function checkOf({ code, object }: Finding): (typeof COMPARED)[number]['check'] {
  if (/^(?:roles|memberships): /.test(object)) return 'roles'
  if (code.startsWith('SEQUENCE_') || object.startsWith('sequences: ')) return 'sequences'
  return code.startsWith('OBJECT_') ? 'catalog' : 'content'
}

/** A dump leaves out what belongs to the database itself; a restore of ours puts it back, so that it has to be there. */
const verdictOf = ({ code, verdict }: Finding): Verdict =>
  verdict === 'pass' && code.startsWith('OBJECT_') ? 'fail' : verdict

const told = (findings: readonly Finding[]): string => {
  const names = findings.map(({ object, code, detail }) => `${object} (${detail ?? code})`)
  return `${names.slice(0, TOLD).join(', ')}${names.length > TOLD ? `, and ${names.length - TOLD} more` : ''}`
}

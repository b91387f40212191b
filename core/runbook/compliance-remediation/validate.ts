import { codesOf, referenceOf, weakeningsOf } from '../../compliance/find'
import type { Json } from '../../json'
import type { ActionResult } from '../model'
import { usual, type RemediationStep } from './input'
import { planned } from './plan'

/**
 * Reads every remedied thing anew and compares it with what is declared, as the posture of two templates is compared. The
 * finding has to be gone, and nothing else of the same thing may be weaker: a remedy that opens something is none.
 */
export const validate: RemediationStep = {
  ...usual,
  id: 'validate',
  title: 'Validate that it is restored',
  byHand:
    'Look at each resource again. The finding is gone, and everything else of it is at least as declared: compare with the template, as `recovery posture diff` does.',
  privilege: 'audit',
  begin: async (context) => {
    const findings = planned(context)
    const remaining: string[] = []
    const weaker: string[] = []
    for (const { code, declared } of findings) {
      const found = await context.ports.compliance.protectionOf(declared)
      if (declared.kind === 'copy' && !found) continue
      const weakenings = weakeningsOf(declared, found)
      const reference = referenceOf(declared)
      if (codesOf(declared, weakenings).includes(code)) remaining.push(`${code} ${reference}`)
      else weaker.push(...weakenings.map(({ path }) => `${reference} ${path}`))
    }
    if (remaining.length > 0) return failed('FINDING_REMAINS', { remaining })
    if (weaker.length > 0) return failed('POSTURE_WEAKER', { weaker: [...new Set(weaker)] })
    return { kind: 'done', output: { validated: findings.length, weaker: 0 } }
  },
  preview: async (context) => ({ wouldValidate: planned(context).length }),
  undo: { none: 'it changes nothing' },
  milestone: 'complianceValidation',
}

const failed = (code: string, detail: Json): ActionResult => ({ kind: 'failed', code, detail })

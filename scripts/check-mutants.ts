import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { judgeMutants } from '../test/invariants/mutants'
import { judgePolicyMutants } from '../test/invariants/policy-mutants'
import { composePolicy } from '../policy'
import { replacingProperties } from './replacing-properties'
import { stackTemplates } from './synthesized'

const FILE = join(__dirname, '..', 'test', 'invariants', 'mutant-survivors.json')
const justifications = z.array(z.strictObject({ reason: z.string().min(20), kinds: z.array(z.string()).min(1) }))

/**
 * Changes everything in the synthesized templates and in the policy, one thing at a time, and counts who sees it. Exits 1
 * for a mutant that nobody sees and that neither the register of what is harmless nor a line of
 * test/invariants/mutant-survivors.json justifies, and for a line that justifies nothing.
 */
function main(): void {
  const survivors = justifications.parse(JSON.parse(readFileSync(FILE, 'utf8')))
  const ofPolicy = survivors.filter(({ kinds }) => kinds.every((kind) => kind.startsWith('policy ')))
  const ofStacks = survivors.filter((one) => !ofPolicy.includes(one))
  const verdicts = [
    judgeMutants(stackTemplates(), ofStacks, replacingProperties()),
    judgePolicyMutants(composePolicy('production'), ofPolicy),
  ]
  for (const { mutants, seen, harmless, justified, open, idle } of verdicts) {
    const lines = [
      ...[...seen].toSorted(([, a], [, b]) => b - a).map(([judge, times]) => `${String(times).padStart(6)}  ${judge}`),
      ...[...harmless].map(([because, times]) => `${String(times).padStart(6)}  survive, harmless: ${because}`),
      ...justified.map((kind) => `survives, justified: ${kind}: ${reasonOf(kind, survivors)}`),
      ...[...open].map(([kind, example]) => `SURVIVES: ${kind}, such as ${example}`),
      ...idle.map((kind) => `JUSTIFIES NOTHING: ${kind}; remove it from ${FILE}`),
      `${mutants} mutants; ${justified.length} kinds of survivors justified, ${open.size} not`,
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
    if (open.size > 0 || idle.length > 0 || mutants === 0) process.exitCode = 1
  }
}

const reasonOf = (kind: string, survivors: z.infer<typeof justifications>): string =>
  survivors.find(({ kinds }) => kinds.includes(kind))?.reason ?? ''

main()

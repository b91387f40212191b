import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { judgeMutants } from '../test/invariants/mutants'
import { replacingProperties } from './replacing-properties'
import { stackTemplates } from './synthesized'

const FILE = join(__dirname, '..', 'test', 'invariants', 'mutant-survivors.json')
const justifications = z.array(z.strictObject({ type: z.string(), path: z.string(), reason: z.string().min(20) }))

/**
 * Makes every protection of the synthesized templates worse, one at a time, and counts who sees it. Exits 1 for a mutant
 * that nobody sees and no line of test/invariants/mutant-survivors.json justifies, and for a line that justifies nothing.
 */
function main(): void {
  const survivors = justifications.parse(JSON.parse(readFileSync(FILE, 'utf8')))
  const { mutants, seen, justified, open, idle } = judgeMutants(stackTemplates(), survivors, replacingProperties())
  const lines = [
    ...[...seen].toSorted(([, a], [, b]) => b - a).map(([judge, times]) => `${String(times).padStart(6)}  ${judge}`),
    ...justified.map(({ type, path, reason }) => `survives, justified: ${type} ${path}: ${reason}`),
    ...[...open].map(([kind, example]) => `SURVIVES: ${kind}, such as ${example}`),
    ...idle.map(({ type, path }) => `JUSTIFIES NOTHING: ${type} ${path}; remove it from ${FILE}`),
    `${mutants} mutants; ${justified.length} kinds of survivors justified, ${open.size} not`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  if (open.size > 0 || idle.length > 0 || mutants === 0) process.exitCode = 1
}

main()

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { baselineOf, losses, unheld } from '../core/posture/replacement'
import { replacingProperties } from './replacing-properties'
import { stackTemplates } from './synthesized'

const FILE = join(__dirname, '..', 'test', 'baselines', 'stateful.json')
const baseline = z.record(
  z.string(),
  z.strictObject({ type: z.string(), region: z.string(), properties: z.record(z.string(), z.json()) }),
)

/**
 * Compares what holds data in the synthesized templates with the committed baseline. Exits 1 for each resource that a
 * deployment would delete or replace, and for one that the baseline does not hold yet. `--accept` writes the baseline anew:
 * the change is then read in review, as a change of that file.
 */
function main(): void {
  const replacing = replacingProperties()
  const now = baselineOf(stackTemplates(), replacing)
  if (process.argv.includes('--accept')) {
    writeFileSync(FILE, `${JSON.stringify(now, undefined, 2)}\n`)
    process.stdout.write(`${Object.keys(now).length} resources in ${FILE}\n`)
    return
  }
  const before = baseline.parse(JSON.parse(readFileSync(FILE, 'utf8')))
  const problems = [
    ...losses(before, now, replacing),
    ...unheld(before, now).map((id) => `${id} is new; hold it with npm run check:replacements -- --accept`),
  ]
  for (const problem of problems) process.stdout.write(`${problem}\n`)
  process.stdout.write(`${Object.keys(before).length} stateful resources held, ${problems.length} problems\n`)
  if (problems.length > 0) process.exitCode = 1
}

main()

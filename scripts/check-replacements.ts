import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readChangeRecords } from '../cli/change-records'
import { judge } from '../core/posture/change-record'
import { baselineOf, losses, unheld, unknownTypes } from '../core/posture/replacement'
import { ENVIRONMENTS } from '../policy'
import { replacingProperties } from './replacing-properties'
import { stackTemplates } from './synthesized'

const FILE = join(__dirname, '..', 'test', 'baselines', 'stateful.json')
const baseline = z.record(
  z.string(),
  z.strictObject({ type: z.string(), region: z.string(), properties: z.record(z.string(), z.json()) }),
)

/**
 * Compares what holds data in the synthesized templates with the committed baseline. Exits 1 for each resource that a
 * deployment would delete or replace without a change record of `changes/`, for one that the baseline does not hold yet, and
 * for a type of which nobody has said whether it holds data. `--accept` writes the baseline anew, but takes no loss out of
 * it that no record covers.
 */
async function main(): Promise<void> {
  const replacing = replacingProperties()
  const stacks = stackTemplates()
  const now = baselineOf(stacks, replacing)
  const before = baseline.parse(JSON.parse(readFileSync(FILE, 'utf8')))
  const records = await readChangeRecords()
  const today = new Date().toISOString().slice(0, 10)
  const judged = losses(before, now, replacing).flatMap((loss) =>
    judge([loss], records, { environment: environmentOf(loss.subject), today }),
  )
  const uncovered = judged.filter(({ coveredBy }) => coveredBy === undefined)
  const accepting = process.argv.includes('--accept') && uncovered.length === 0
  if (accepting) writeFileSync(FILE, `${JSON.stringify(now, undefined, 2)}\n`)
  const problems = [
    ...uncovered.map(({ sentence }) => `${sentence}; it needs a change record in changes/`),
    ...unknownTypes(stacks).map(
      (type) => `${type} is in no list of core/posture/stateful.ts; say whether it holds data`,
    ),
    ...(accepting
      ? []
      : unheld(before, now).map((id) => `${id} is new; hold it with npm run check:replacements -- --accept`)),
  ]
  for (const { sentence, coveredBy } of judged)
    if (coveredBy !== undefined) process.stdout.write(`${sentence} [${coveredBy}]\n`)
  for (const problem of problems) process.stdout.write(`${problem}\n`)
  process.stdout.write(
    `${Object.keys(accepting ? now : before).length} stateful resources held, ${problems.length} problems\n`,
  )
  if (problems.length > 0) process.exitCode = 1
}

/** The environment stands in the name of each stack. */
const environmentOf = (subject: string): string =>
  ENVIRONMENTS.find((environment) => subject.includes(`-${environment}-`)) ?? 'production'

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})

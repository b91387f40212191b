import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { readAssembly } from '../adapters/local/assembly-folder'
import { CHANGE_RECORDS, readChangeRecords } from '../cli/change-records'
import type { Assembly } from '../core/posture/assembly'
import { parsePosture, postureOf, renderPosture } from '../core/posture/baseline'
import { judge, overstayed, withdrawnOf, type ChangeRecord } from '../core/posture/change-record'
import { weakenings } from '../core/posture/diff'
import { asMarkdown, asText, openOf, passes, type PostureVerdict } from '../core/posture/report'
import { ENVIRONMENTS } from '../policy'
import { baseCommit, deployedIn, recordsAt, textAt } from './posture-base'

const ROOT = join(__dirname, '..')
const OUT = join(ROOT, 'cdk.out')
const COMMENT = join(OUT, 'posture.md')
const fileOf = (environment: string): string => join(ROOT, 'test', 'baselines', 'posture', `${environment}.json`)
const DEPLOYED = join(ROOT, 'test', 'baselines', 'deployed.json')
/** As git names it. */
const inTree = (file: string): string => relative(ROOT, file).replaceAll('\\', '/')

/**
 * Compares what each environment protects with the committed baseline, and with the one of the commit that this branch
 * grew from, so that no branch passes by rewriting its own, nor by deleting a record. Exits 1 for what is weaker and in no
 * change record of `changes/`, for what a record allowed that holds no more, for a baseline that is not what is synthesized,
 * and in CI where no older commit can be read.
 * An environment that `test/baselines/deployed.json` does not name stands nowhere: what is weaker there is told, and holds nobody up.
 * `--accept` writes the baseline anew, unless something is weaker and uncovered; `--start-over` writes it whatever it held,
 * and is still compared with the commit that the branch grew from. Writes a comment for a pull request.
 */
async function main(): Promise<void> {
  const startOver = process.argv.includes('--start-over')
  const accept = startOver || process.argv.includes('--accept')
  const records = await readChangeRecords()
  const base = baseCommit(ROOT)
  process.stdout.write(base === undefined ? 'no commit to compare with but this one\n' : `compared with ${base} too\n`)
  const withdrawn = withdrawnOf(base === undefined ? [] : recordsAt(ROOT, base, inTree(CHANGE_RECORDS)), records)
  const deployed = deployedIn(textIn(DEPLOYED), base === undefined ? undefined : textAt(ROOT, base, inTree(DEPLOYED)))
  const comments: string[] = []
  for (const environment of ENVIRONMENTS) {
    const now = postureOf(await readAssembly(folderOf(environment)))
    const before = [...(startOver ? [] : [storedIn(environment)]), storedAt(base, environment)]
    const verdict = verdictOf(environment, before, now, { records, withdrawn })
    const held = deployed.has(environment)
    process.stdout.write(`${environment}${held ? '' : ', not deployed'}:\n${asText(verdict)}\n`)
    comments.push(asMarkdown(verdict, `Recovery posture of ${environment}`))
    const text = renderPosture(now)
    const isOpen = held && openOf(verdict).length > 0
    if (accept && !isOpen) write(fileOf(environment), text)
    const stale = textIn(fileOf(environment)) !== text
    if (stale && !isOpen)
      process.stdout.write(
        `${relative(ROOT, fileOf(environment))} is not what is synthesized; run npm run check:posture -- --accept\n`,
      )
    if (stale || (held && !passes(verdict))) process.exitCode = 1
  }
  write(COMMENT, `${comments.join('\n\n')}\n`)
}

function verdictOf(
  environment: string,
  before: readonly (Assembly | undefined)[],
  now: Assembly,
  { records, withdrawn }: Readonly<Record<'records' | 'withdrawn', readonly ChangeRecord[]>>,
): PostureVerdict {
  const occasion = { environment, today: new Date().toISOString().slice(0, 10) }
  const found = before.flatMap((older) => (older ? weakenings(older, now) : []))
  const once = new Map(found.map((weakening) => [JSON.stringify(weakening), weakening]))
  return {
    judged: judge([...once.values()], records, occasion),
    overstayed: overstayed(now, records, occasion, withdrawn),
  }
}

function folderOf(environment: string): string {
  const folder = join(OUT, environment)
  if (existsSync(join(folder, 'manifest.json'))) return folder
  throw new Error(
    `${environment} is not synthesized; run npx cdk synth --quiet --output cdk.out/${environment} -c environment=${environment}`,
  )
}

function storedIn(environment: string): Assembly | undefined {
  const text = textIn(fileOf(environment))
  return text === undefined ? undefined : parsePosture(text)
}

/** Nothing where the commit has no baseline of the environment yet, which is said. */
function storedAt(base: string | undefined, environment: string): Assembly | undefined {
  if (base === undefined) return undefined
  const text = textAt(ROOT, base, inTree(fileOf(environment)))
  if (text === undefined) process.stdout.write(`${base} has no baseline of ${environment} yet to compare with\n`)
  return text === undefined ? undefined : parsePosture(text)
}

const textIn = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined)

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})

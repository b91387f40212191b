import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readAssembly } from '../emulator/assembly'
import { bundleStale } from './bundle'

/**
 * What `cdk synth` may cost above an empty app with one stack, as a multiple of that, for each hundred resources: the cost grows
 * with what is declared, so that a limit on the whole would be one on how much is protected. 533 resources came to a ratio of
 * 2.40, which is 0.26 for each hundred; what is shared between stacks has made it less since.
 */
const LIMIT = 0.15
/**
 * What the same code came to on machines that other work was on, above what it takes on a quiet one: 2.40 and 2.8, 2.58 and
 * 2.82. Only what is over this too fails, so that a neighbour's work stops nobody.
 */
const NOISE = 1.2
/** Runs of each app; interleaved, so that a busy machine slows both. */
const RUNS = 7
const ROOT = join(__dirname, '..')
// Plain JavaScript: nothing to transpile, the least that an app can cost.
const EMPTY = `const { App, Stack } = require('aws-cdk-lib')
const app = new App({ analyticsReporting: false })
new Stack(app, 'Empty')
app.synth()
`
const CDK = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk')

/** What a command that synthesizes into a folder of its own leaves there, as somebody sees it. */
function synthesized<T>(args: (outdir: string) => readonly string[], seen: (outdir: string) => T): T {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const run = spawnSync(process.execPath, args(outdir), {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' },
    })
    if (run.status !== 0) throw new Error(`'${args(outdir).join(' ')}' failed: ${run.stderr}`)
    return seen(outdir)
  } finally {
    rmSync(outdir, { recursive: true })
  }
}

/** Milliseconds of one run. */
function timed(args: (outdir: string) => readonly string[]): number {
  const startedAt = process.hrtime.bigint()
  return synthesized(args, () => Number(process.hrtime.bigint() - startedAt) / 1e6)
}

/** How many resources the app declares. */
const resourcesOf = (app: string): number =>
  synthesized(
    () => [app],
    (outdir) => readAssembly(outdir).reduce((sum, { template }) => sum + Object.keys(template.Resources).length, 0),
  )

/** `cdk synth` as people run it, with the app given as a script. */
const command = (app: string): number =>
  timed((outdir) => [CDK, 'synth', '--quiet', '--no-notices', '--app', `node ${app}`, '--output', outdir])
/** The app's own process, without the CLI around it. */
const bare = (app: string): number => timed(() => [app])

/** Ratio of the fastest of interleaved runs, printed with both: whatever else the machine does only ever adds time. */
function compare(what: string, run: (app: string) => number, empty: string, ours: string): number {
  const times = Array.from({ length: RUNS }, () => ({ empty: run(empty), ours: run(ours) }))
  const [base, own] = [Math.min(...times.map((t) => t.empty)), Math.min(...times.map((t) => t.ours))]
  process.stdout.write(
    `${what}: empty ${base.toFixed(0)} ms, ours ${own.toFixed(0)} ms, ratio ${(own / base).toFixed(2)}\n`,
  )
  return own / base
}

async function main(): Promise<void> {
  await bundleStale()
  // Inside the checkout, so that it finds the same packages.
  const folder = mkdtempSync(join(ROOT, 'dist', 'bench-'))
  try {
    const empty = join(folder, 'empty.cjs')
    writeFileSync(empty, EMPTY)
    const ours = join(ROOT, 'bin', 'app.cjs')
    const ratio = compare('cdk synth', command, empty, ours)
    compare('app process alone', bare, empty, ours)
    const hundreds = resourcesOf(ours) / 100
    const cost = (ratio - 1) / hundreds
    const most = LIMIT * NOISE
    process.stdout.write(
      `for each hundred of ${(hundreds * 100).toFixed(0)} resources: ${cost.toFixed(3)} of an empty app, at most ${LIMIT} wanted${cost > LIMIT ? ': MISSED' : ''}, more than ${most.toFixed(2)} fails\n`,
    )
    if (cost > most) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleStale } from './bundle'

/**
 * Most that `cdk synth` of our stacks may take, as a multiple of `cdk synth` of an empty app with one stack: what the whole
 * posture is allowed. The first slice alone had to stay below 2.
 */
const LIMIT = 2.5
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

/** Milliseconds of one run of a command that synthesizes into a folder of its own. */
function timed(args: (outdir: string) => readonly string[]): number {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'))
  const startedAt = process.hrtime.bigint()
  const run = spawnSync(process.execPath, args(outdir), {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' },
  })
  const milliseconds = Number(process.hrtime.bigint() - startedAt) / 1e6
  rmSync(outdir, { recursive: true })
  if (run.status !== 0) throw new Error(`'${args(outdir).join(' ')}' failed: ${run.stderr}`)
  return milliseconds
}

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
    const most = LIMIT * NOISE
    process.stdout.write(
      `cdk synth: ratio ${ratio.toFixed(2)}, at most ${LIMIT} wanted${ratio > LIMIT ? ': MISSED' : ''}, more than ${most.toFixed(2)} fails\n`,
    )
    if (ratio > most) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})

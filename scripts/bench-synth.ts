import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleStale } from './bundle'

/** Most that our synth may cost, as a multiple of an empty app with one stack in the same run. */
const LIMIT = 2
/** Runs of each app; interleaved, so that a busy machine slows both. */
const RUNS = 7
const ROOT = join(__dirname, '..')
const EMPTY = `import { App, Stack } from 'aws-cdk-lib'
const app = new App({ analyticsReporting: false })
new Stack(app, 'Empty')
app.synth()
`

/** Milliseconds of one synth in a process of its own. */
function synth(script: string): number {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'))
  const startedAt = process.hrtime.bigint()
  const run = spawnSync(process.execPath, ['--import', 'tsx', script], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' },
  })
  const milliseconds = Number(process.hrtime.bigint() - startedAt) / 1e6
  rmSync(outdir, { recursive: true })
  if (run.status !== 0) throw new Error(`'${script}' failed: ${run.stderr}`)
  return milliseconds
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN

async function main(): Promise<void> {
  await bundleStale()
  // Inside the checkout, so that it finds the same packages.
  const folder = mkdtempSync(join(ROOT, 'dist', 'bench-'))
  try {
    const empty = join(folder, 'empty.ts')
    writeFileSync(empty, EMPTY)
    const ours = join(ROOT, 'bin', 'app.ts')
    const times = Array.from({ length: RUNS }, () => ({ empty: synth(empty), ours: synth(ours) }))
    const [base, own] = [median(times.map((t) => t.empty)), median(times.map((t) => t.ours))]
    const ratio = own / base
    process.stdout.write(
      `empty app ${base.toFixed(0)} ms, our synth ${own.toFixed(0)} ms, ratio ${ratio.toFixed(2)} (at most ${LIMIT})\n`,
    )
    if (ratio > LIMIT) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})

import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { CampaignReport } from '../chaos/campaign'

const ROOT = join(__dirname, '..')
const PLANTED = join(ROOT, 'test', 'chaos', 'planted')
/** What a campaign is made of. */
const SOURCES = ['adapters', 'chaos', 'core', 'policy', 'package.json', 'tsconfig.json']
/** A bug that takes more generic seeds than this is not found. */
const MOST_SEEDS = 1_000

/** What stands between a bug and the campaign: the number of seeds it took, and the invariant that broke first. */
interface Found {
  readonly seeds: number
  readonly invariant: string | undefined
}

/**
 * Plants one bug after the other in a copy of the sources and lets the generic campaign look for it. Exits 1 for a bug that
 * no seed finds, for a patch that no longer applies, and where the campaign finds something in the sources as they are.
 * Parts of names choose some of them.
 */
async function main(): Promise<void> {
  let most = 0
  const only = process.argv.slice(2)
  const isWanted = (name: string) => only.length === 0 || only.some((part) => name.includes(part))
  const patches = readdirSync(PLANTED).filter((name) => name.endsWith('.patch') && isWanted(name))
  for (const patch of patches.toSorted()) {
    const { seeds, invariant } = await inCopy(join(PLANTED, patch), MOST_SEEDS)
    most = Math.max(most, seeds)
    if (invariant === undefined) process.exitCode = 1
    const verdict = invariant === undefined ? `NOT FOUND in ${seeds} seeds` : `found by seed ${seeds}: ${invariant}`
    process.stdout.write(`${patch.replace('.patch', '').padEnd(44)} ${verdict}\n`)
  }
  // Only then does a finding say something about its patch.
  const sound = await inCopy(undefined, most)
  if (sound.invariant !== undefined || patches.length === 0) process.exitCode = 1
  process.stdout.write(
    `${'the sources as they are'.padEnd(44)} ${sound.invariant ?? `nothing found in ${most} seeds`}\n`,
  )
}

async function inCopy(patch: string | undefined, runs: number): Promise<Found> {
  const copy = mkdtempSync(join(tmpdir(), 'planted-'))
  try {
    for (const source of SOURCES) cpSync(join(ROOT, source), join(copy, source), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
    if (patch) execFileSync('git', ['apply', '--whitespace=nowarn', patch], { cwd: copy })
    const outfile = join(copy, 'campaign.cjs')
    await build({
      stdin: { contents: ENTRY, resolveDir: copy, loader: 'ts' },
      bundle: true,
      platform: 'node',
      outfile,
      logLevel: 'error',
    })
    const text = execFileSync(process.execPath, [outfile, String(runs)], { encoding: 'utf8' })
    const { runs: seeds, findings } = JSON.parse(text) as Pick<CampaignReport, 'runs' | 'findings'>
    return { seeds, invariant: findings[0]?.violations[0]?.invariant }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

const ENTRY = `
import { campaign } from './chaos/campaign'
void campaign({ seed: 1, runs: Number(process.argv[2]), stopAtFirst: true }).then(({ runs, findings }) =>
  process.stdout.write(JSON.stringify({ runs, findings })),
)
`

void main()

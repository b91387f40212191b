import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(__dirname, '../../../..')
/** What a run may hold; also what a mistake may not hide behind: the heap alone may not grow beyond half of it. */
const MOST_MEGABYTES = 256

/** A process of its own: what a test runner holds is no part of the checks. */
function checked(points: number): { found: string[]; verdict: string; megabytes: number } {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      `--max-old-space-size=${MOST_MEGABYTES / 2}`,
      '--import',
      'tsx',
      join(__dirname, 'hundred-thousand.ts'),
      String(points),
    ],
    { cwd: ROOT, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as ReturnType<typeof checked>
}

it('looks at 100,000 recovery points in bounded memory, and at ten times as many in hardly more', () => {
  const few = checked(2_000)
  const many = checked(100_000)
  const most = checked(1_000_000)
  expect(few.found).toEqual(['quota-used-soon'])
  expect(many).toMatchObject({ found: ['quota-used-soon'], verdict: 'fail' })
  expect(many.megabytes).toBeLessThan(MOST_MEGABYTES)
  expect(most.megabytes).toBeLessThan(MOST_MEGABYTES)
}, 120_000)

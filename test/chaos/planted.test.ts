import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const PLANTED = join(__dirname, 'planted')
const patches = readdirSync(PLANTED)

it('keeps at least 12 bugs', () => {
  expect(patches.length).toBeGreaterThanOrEqual(12)
})

/** Whether the campaign finds it is checked by `npm run check:planted`. */
it.each(patches)('%s still applies', (patch) => {
  expect(() =>
    execFileSync('git', ['apply', '--check', join(PLANTED, patch)], {
      cwd: join(__dirname, '..', '..'),
      stdio: 'pipe',
    }),
  ).not.toThrow()
})

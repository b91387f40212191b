import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const inMemory = readdirSync(join(__dirname, 'planted'))
const patches = ['planted', 'planted-real'].flatMap((folder) =>
  readdirSync(join(__dirname, folder)).map((patch) => join(folder, patch)),
)

it('keeps at least 12 bugs', () => {
  expect(inMemory.length).toBeGreaterThanOrEqual(12)
})

/**
 * Whether the campaign in memory finds its own is checked by `npm run check:planted`; those of the real runs were each found
 * once, and `docs/fault-campaign.md` says by which seed.
 */
it.each(patches)('%s still applies', (patch) => {
  expect(() =>
    execFileSync('git', ['apply', '--check', join(__dirname, patch)], {
      cwd: join(__dirname, '..', '..'),
      stdio: 'pipe',
    }),
  ).not.toThrow()
})

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const ROOT = join(__dirname, '..', '..')
mkdirSync(join(ROOT, 'dist'), { recursive: true })
const folder = mkdtempSync(join(ROOT, 'dist', 'planted-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The app as it is, but for an empty register of acknowledgements: every finding in it is then unacknowledged. */
async function appWithoutAcknowledgements(): Promise<string> {
  const outfile = join(folder, 'app.cjs')
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['bin/app.ts'],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
    // The bundle lies one folder deeper than the app, and its paths are relative to itself.
    define: { __dirname: JSON.stringify(join(ROOT, 'dist')) },
    plugins: [
      {
        name: 'no-acknowledgements',
        setup: ({ onLoad }) =>
          onLoad({ filter: /lib[/]acknowledgements[.]ts$/ }, () => ({
            contents:
              'export const acknowledgements = () => []; export const acknowledgeFindings = () => {}; export const expiredOn = () => []',
          })),
      },
    ],
  })
  return outfile
}

test('cdk synth fails on a finding that nobody acknowledged, though it is asked for no stack by name', async () => {
  const app = await appWithoutAcknowledgements()
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/aws-cdk/bin/cdk'), 'synth', '--quiet', '--no-notices', '--app', `node ${app}`]
      // Beside the folder of the app, so that nothing of a real synth is touched.
      .concat('--output', join(folder, 'cdk.out'), '-c', 'environment=test'),
    { cwd: ROOT, encoding: 'utf8', timeout: 120_000 },
  )
  expect(stderr).toContain('LambdaInsideVPC')
  expect(status).toBe(1)
}, 120_000)

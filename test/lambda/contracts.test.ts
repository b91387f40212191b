import { buildSync } from 'esbuild'
import { join } from 'node:path'
import { contractOf, FUNCTIONS, handlerText } from './functions'

describe.each(FUNCTIONS)('the contract of %s', (name) => {
  it('names its own folder', async () => {
    expect((await contractOf(name)).name).toBe(name)
  })

  it('grants no wildcard, nothing twice, and a wider resource only with a reason', async () => {
    const { permissions } = await contractOf(name)
    for (const { actions, on, reason } of permissions) {
      for (const action of actions) expect(action).toMatch(/^[a-z0-9-]+:[A-Z]?[A-Za-z]+$/)
      if (on.endsWith('every-role')) expect(reason?.length).toBeGreaterThan(40)
    }
    const granted = permissions.flatMap(({ actions, on, leadingKeys }) =>
      actions.map((action) => `${action} ${on} ${leadingKeys?.join()}`),
    )
    expect(new Set(granted).size).toBe(granted.length)
  })

  it('limits every access to a coordination table to the keys it needs', async () => {
    for (const { on, leadingKeys } of (await contractOf(name)).permissions) {
      if (on.endsWith('-coordination-table')) expect(leadingKeys?.length).toBeGreaterThan(0)
    }
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

it('lets only the observing function write the writer epoch, and only the promoting one promote', async () => {
  const contracts = await Promise.all(FUNCTIONS.map(contractOf))
  const holders = (action: string, key?: string) =>
    contracts
      .filter(({ permissions }) =>
        permissions.some((p) => p.actions.includes(action) && (!key || p.leadingKeys?.includes(key))),
      )
      .map(({ name }) => name)
  expect(holders('dynamodb:PutItem', 'writer-epoch')).toEqual(['runbook-observe'])
  expect(holders('rds:PromoteReadReplica')).toEqual(['runbook-promote'])
  expect(holders('kms:Sign')).toEqual(['runbook-report'])
})

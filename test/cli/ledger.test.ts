import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sealingKeysOf } from '../../adapters/aws/kms-data-keys'
import { folderConditionalStore } from '../../adapters/local/folder-conditional-store'
import { MemoryConditionalStore } from '../../adapters/memory/conditional-store'
import { openCorrection, storeCorrection } from '../../core/coordination/corrections'
import { resolvePolicy } from '../../policy'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { recovery } from './recovery'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'))
})
afterEach(() => rm(folder, { recursive: true }))

const as = (actor: string) => ['--target', 'local', '--environment', 'test', '--folder', folder, '--as', actor]
const commission = () => as('records-commission/one')
const append = (id: string, kind: string, subject: string, ...more: string[]) =>
  recovery('ledger', 'append', '--id', id, '--kind', kind, '--subject', subject, ...more, ...commission())
const file = async (name: string, text: string) => {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

it('records requests once, says what is not applied yet, and leaves evidence that verifies and names nobody', async () => {
  expect(await append('r-1', 'erasure', 'P000000001')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^r-1 is entry 1 of the ledger, accepted at 2\d{3}-/),
  })
  expect((await append('r-1', 'erasure', 'P000000001')).out).toContain('entry 1')
  await append('r-2', 'access-revocation', 'clinic_reporting')
  expect(await recovery('ledger', 'applied', 'r-1', ...commission())).toMatchObject({ code: 0 })
  expect((await recovery('ledger', 'list', ...as('incident-commander/two'))).out).toMatch(
    /^1 r-1: erasure of P000000001, accepted at .*, applied at .*\n2 r-2: access-revocation of clinic_reporting, .*, not applied yet\n$/,
  )
  const verified = await recovery('ledger', 'verify', ...as('operator/three'), '--json')
  expect(JSON.parse(verified.out)).toMatchObject({ entries: 2, waiting: 1, corrections: 0, head: { sequence: 3 } })
  const evidence = await recovery('evidence', 'verify', '--folder', join(folder, 'evidence'), '--json')
  expect(evidence.code).toBe(0)
  expect(evidence.out).not.toContain('P000000001')
})

it('takes a correction sealed, so that its words stand nowhere', async () => {
  const fields = await file('fields.json', '{"phone":"+55 11 99999999"}')
  const sealed = await recovery('ledger', 'seal', fields, '--id', 'r-1', '--folder', folder)
  expect(sealed).toMatchObject({ code: 0, out: expect.not.stringContaining('99999999') })
  expect(
    await append('r-1', 'correction', 'P000000001', '--sealed', await file('sealed.json', sealed.out)),
  ).toMatchObject({
    code: 0,
  })
  expect((await recovery('ledger', 'verify', ...commission())).out).toContain('1 corrections')
  const store = await folderConditionalStore(join(folder, 'coordination', 'witness'))
  expect(await store.get('corrections/r-1')).toBeUndefined()
})

it.each([
  ['a role that only starts runbooks', ['r-1', 'block', 'P1'], 'operator/one', 'may not keep-ledger'],
  ['a person by number', ['r-1', 'block', '52998224725'], 'records-commission/one', 'must not hold a CPF'],
  ['a person by name', ['r-1', 'block', 'Maria Souza'], 'records-commission/one', 'the call is of no form'],
  ['a correction without its fields', ['r-1', 'correction', 'P1'], 'records-commission/one', 'its sealed fields'],
  ['a kind that no replay knows', ['r-1', 'oblivion', 'P1'], 'records-commission/one', 'Allowed choices'],
])('refuses %s, and keeps nothing of it', async (_, [id, kind, subject], actor, said) => {
  const args = ['--id', id!, '--kind', kind!, '--subject', subject!]
  const { code, err } = await recovery('ledger', 'append', ...args, ...as(actor))
  expect([code, err]).toEqual([1, expect.stringContaining(said)])
  expect((await recovery('ledger', 'list', ...commission())).out).toBe('the ledger is empty\n')
})

it('fails its verification once a link was changed, and says where', async () => {
  await append('r-1', 'block', 'P000000001')
  const path = join(folder, 'coordination', 'witness')
  const store = await folderConditionalStore(path)
  const link = (await store.get('erasure-ledger/000000000001'))!
  await store.replace(link.key, {}, link.version)
  expect(await recovery('ledger', 'verify', ...commission())).toMatchObject({
    code: 1,
    err: expect.stringContaining("broken at 'erasure-ledger/000000000001'"),
  })
})

it.each([
  ['is not there', undefined, 'cannot be read'],
  ['holds no JSON', 'phone: 1', 'holds no JSON'],
  ['holds what nobody corrects', '{"diagnosis":"x"}', 'nothing else'],
])('seals nothing from a file that %s', async (_, text, said) => {
  const path = text === undefined ? join(folder, 'none.json') : await file('fields.json', text)
  const { code, err } = await recovery('ledger', 'seal', path, '--id', 'r-1', '--folder', folder)
  expect([code, err]).toEqual([1, expect.stringContaining(said)])
})

describe('a correction for AWS', () => {
  const aws = useFakeAws()

  it('is sealed under the key of the recovery region by whoever has its words, and opens for its own entry alone', async () => {
    const fields = await file('fields.json', '{"phone":"+55 11 99999999"}')
    const sealed = await recovery('ledger', 'seal', fields, '--id', 'r-1', '--target', 'aws', '--environment', 'test')
    expect(sealed).toMatchObject({ code: 0, out: expect.not.stringContaining('99999999') })
    expect(aws.current.calls.map(({ action, region }) => [action, region])).toEqual([
      ['kms:GenerateDataKey', 'eu-west-1'],
    ])

    const keys = sealingKeysOf(resolvePolicy('test'), process.env)
    const store = new MemoryConditionalStore()
    const entry = { sequence: 1, kind: 'correction', subjectId: 'P1', acceptedAt: new Date().toISOString() } as const
    const named = async (id: string) => ({
      ...entry,
      id,
      payloadHash: await storeCorrection(store, id, sealed.out.trim()),
    })
    expect(await openCorrection(store, keys, await named('r-1'))).toEqual({ phone: '+55 11 99999999' })
    await expect(openCorrection(store, keys, await named('r-2'))).rejects.toMatchObject({ name: 'PortError' })
  })

  it('is not sealed for an environment that nobody named, nor under a key that is denied', async () => {
    const fields = await file('fields.json', '{"phone":"+55 11 99999999"}')
    const sealing = (...more: string[]) => recovery('ledger', 'seal', fields, '--id', 'r-1', '--target', 'aws', ...more)
    expect(await sealing()).toMatchObject({ code: 1, err: expect.stringContaining('--environment') })
    aws.current.kms.deniedRegions.add('eu-west-1')
    expect(await sealing('--environment', 'test')).toMatchObject({ code: 1, out: '' })
  })
})

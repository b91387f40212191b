import { KeyWrapping } from '../../../adapters/local/key-wrapping'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import {
  holdsCorrection,
  openCorrection,
  sealCorrection,
  storeCorrection,
} from '../../../core/coordination/corrections'

const keys = new KeyWrapping()
const FIELDS = { name: 'Maria Souza', phone: null }
const entryOf = (payloadHash: string, id = 'r-1') =>
  ({
    sequence: 1,
    id,
    kind: 'correction',
    subjectId: 'p',
    acceptedAt: '2026-01-01T00:00:00.000Z',
    payloadHash,
  }) as const

async function kept() {
  const store = new MemoryConditionalStore()
  const sealed = await sealCorrection(keys, 'r-1', FIELDS)
  return { store, sealed, entry: entryOf(await storeCorrection(store, 'r-1', sealed)) }
}

it('keeps fields so that only the holder of the keys reads them', async () => {
  const { store, sealed, entry } = await kept()
  expect(sealed).not.toContain('Maria')
  expect(await openCorrection(store, keys, entry)).toEqual(FIELDS)
  await expect(openCorrection(store, new KeyWrapping(), entry)).rejects.toMatchObject({ failure: 'invalid' })
  expect(await storeCorrection(store, 'r-1', sealed)).toBe(entry.payloadHash)
})

it('opens nothing that is gone, was changed, or belongs to another entry', async () => {
  const { store, sealed, entry } = await kept()
  for (const other of [entryOf(entry.payloadHash, 'r-2'), entryOf('0'.repeat(64))]) {
    expect(await holdsCorrection(store, other)).toBe(false)
    await expect(openCorrection(store, keys, other)).rejects.toMatchObject({ code: 'CORRECTION_MISSING' })
  }
  const moved = entryOf(await storeCorrection(store, 'r-2', sealed), 'r-2')
  await expect(openCorrection(store, keys, moved)).rejects.toMatchObject({ failure: 'invalid' })
  await expect(storeCorrection(store, 'r-1', await sealCorrection(keys, 'r-1', FIELDS))).rejects.toMatchObject({
    code: 'CORRECTION_ID_TAKEN',
  })
})

it.each([[{ name: '' }], [{ birthDate: '31/12/1999' }], [{ diagnosis: 'x' }], ['Maria']])(
  'refuses %j without repeating it',
  async (fields) => {
    const refusal = sealCorrection(keys, 'r-1', fields)
    await expect(refusal).rejects.toMatchObject({ code: 'CORRECTION_FORM' })
    await expect(refusal).rejects.not.toThrow(/Maria|diagnosis|1999/)
  },
)

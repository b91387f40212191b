import { KeyWrapping } from '../../../adapters/local/key-wrapping'
import { sealedAlone, SETTING } from '../../../adapters/local/region-content'
import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import { versionKey, writeSealed } from '../../../core/configuration/copies'

const SOURCE = 'sa-east-1'
const version = (number: number) =>
  versionKey(SOURCE, SETTING, { modifiedAt: `2026-11-28T12:00:0${number}.000Z`, version: number })

it('counts what the keys of a copy do not open, and what those of another region open too', async () => {
  const [own, other] = [new KeyWrapping(), new KeyWrapping()]
  const copy = { region: 'eu-west-1', store: new MemoryWriteOnceStore(), keys: own }
  expect(await sealedAlone(copy, other, SOURCE)).toEqual({ versions: 0, notItsOwn: 0 })
  await writeSealed(copy, version(1), { value: '1' })
  expect(await sealedAlone(copy, other, SOURCE)).toEqual({ versions: 1, notItsOwn: 0 })
  // One that somebody sealed for the wrong region.
  await writeSealed({ ...copy, keys: other }, version(2), { value: '2' })
  expect(await sealedAlone(copy, other, SOURCE)).toEqual({ versions: 2, notItsOwn: 1 })
  // The key of the other region is the same: then losing that region loses the copy.
  expect(await sealedAlone(copy, own, SOURCE)).toEqual({ versions: 2, notItsOwn: 2 })
})

import { tooFast, violated, type ChangeSample, type RowChanges } from '../../../core/detection/deletion-rate'

const THRESHOLD = { intervalSeconds: 60, rows: 500, sharePercent: 5 }
const sample = (seconds: number, ...tables: Partial<RowChanges>[]): ChangeSample => ({
  atMs: seconds * 1000,
  tables: tables.map((table) => ({ table: 'clinic.records', deleted: 0, rewritten: 0, live: 1000, ...table })),
})
const found = (after: ChangeSample, before = sample(0, {})) => tooFast(before, after, THRESHOLD)

describe('the rate of deletion', () => {
  it('rings from the threshold on, for deleted and rewritten rows together', () => {
    expect(found(sample(60, { deleted: 499 }))).toEqual([])
    expect(found(sample(60, { deleted: 300, rewritten: 200 }))).toEqual([
      { table: 'clinic.records', deleted: 300, rewritten: 200 },
    ])
  })

  it('does not wait for the end of the interval', () => {
    expect(found(sample(1, { deleted: 500 }))).toHaveLength(1)
    expect(found(sample(1, { deleted: 499 }))).toEqual([])
  })

  it('allows a longer time as much more', () => {
    expect(found(sample(120, { deleted: 999 }))).toEqual([])
    expect(found(sample(120, { deleted: 1000 }))).toHaveLength(1)
  })

  it('lets a large table lose its share, as it was before the loss', () => {
    const large = sample(0, { live: 100_000 })
    expect(found(sample(60, { deleted: 4999, live: 95_001 }), large)).toEqual([])
    expect(found(sample(60, { deleted: 5000, live: 95_000 }), large)).toHaveLength(1)
  })

  it('counts each table by itself, and none that it did not know before', () => {
    const before = sample(0, { table: 'a' }, { table: 'b' })
    expect(found(sample(60, { table: 'a', deleted: 400 }, { table: 'b', deleted: 400 }), before)).toEqual([])
    expect(found(sample(60, { table: 'c', deleted: 4000 }), before)).toEqual([])
  })

  it('knows nothing of a time in which the counters were reset', () => {
    expect(found(sample(60, { deleted: 700 }), sample(0, { deleted: 900 }))).toEqual([])
    expect(found(sample(60, { deleted: 700, rewritten: 1 }), sample(0, { rewritten: 2 }))).toEqual([])
  })
})

describe('an append-only table', () => {
  it('is violated by a single row', () => {
    const before = sample(0, { table: 'a' }, { table: 'b' })
    const after = sample(1, { table: 'a', rewritten: 1 }, { table: 'b', deleted: 9 })
    expect(violated(before, after, ['a'])).toEqual([{ table: 'a', deleted: 0, rewritten: 1 }])
    expect(violated(before, before, ['a', 'b'])).toEqual([])
  })
})

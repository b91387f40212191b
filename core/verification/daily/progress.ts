import { z } from 'zod'
import { storedText } from '../../evidence/record'
import type { WriteOnceStore } from '../../ports/write-once-store'
import type { Reading } from './scan'

const folderOf = (region: string): string => `verification/${region}/`
/** A time without the signs that a store might read as something else. */
const keyOf = (region: string, startedAt: string, step: number): string =>
  `${folderOf(region)}${startedAt.replaceAll(/[-:.]/g, '')}/${String(step).padStart(4, '0')}`

const counted = z.object({ count: z.number(), example: z.string() })
const volume = z.record(z.string(), z.object({ points: z.number(), bytes: z.number() }))
const tally = z.object({
  completed: z.number(),
  running: z.number(),
  partial: counted,
  lostEarly: counted,
  endsEarly: counted,
  cold: counted,
  newestAt: z.string().optional(),
  keys: z.partialRecord(z.enum(['database', 'backup', 'foreign', 'nothing']), counted),
  kept: z.record(z.string(), counted),
  days: z.array(z.number()),
})
const vaultTally = z.object({
  points: z.number(),
  bytes: z.number(),
  ends: volume,
  made: volume,
  of: z.record(z.string(), tally),
  strangers: z.object({ count: z.number(), names: z.array(z.string()) }),
})
const vaultKind = z.enum(['pitr', 'snapshots', 'copies'])

/** What is kept of a reading; of a whole one only that it is, since its tallies are in the verdict. */
const keptSchema = z.object({
  startedAt: z.iso.datetime(),
  left: z
    .object({
      done: z.partialRecord(vaultKind, vaultTally),
      refused: z.partialRecord(vaultKind, z.string()),
      at: z.object({ vault: vaultKind, next: z.string().optional(), tally: vaultTally }).optional(),
    })
    .optional(),
})

/** A reading that was left, and how often it was. */
export interface LeftOff {
  readonly reading: Reading
  readonly step: number
}

/** The newest reading that was left and not ended, unless it began before `since`: older tallies say little about today. */
export async function leftOff(store: WriteOnceStore, region: string, since: Date): Promise<LeftOff | undefined> {
  let newest: string | undefined
  for await (const key of store.keys(folderOf(region))) newest = key
  if (newest === undefined) return undefined
  const kept = keptSchema.safeParse(JSON.parse((await store.get(newest)) ?? '{}'))
  if (!kept.success || !kept.data.left || kept.data.startedAt < since.toISOString()) return undefined
  const { startedAt, left } = kept.data
  return { reading: { startedAt, ...left }, step: Number(newest.slice(-4)) }
}

/** Keeps how far a reading has come. Written once: of two that went on from the same place the first one counts. */
export async function keep(
  store: WriteOnceStore,
  region: string,
  { reading, step }: LeftOff,
  whole: boolean,
): Promise<void> {
  const { startedAt, ...left } = reading
  await store.create(keyOf(region, startedAt, step), storedText(whole ? { startedAt } : { startedAt, left }))
}

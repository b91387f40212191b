import { z } from 'zod'
import { canonicalJson } from '../../evidence/canonical-json'
import { contentHash } from '../../evidence/hash'
import { readStored } from '../../evidence/record'
import type { StackTemplate } from '../../posture/assembly'
import { templateSchema } from '../../posture/template-schema'
import type { WriteOnceStore } from '../../ports/write-once-store'
import type { RegionRole } from './evidence-at-hand'

const ROLES: readonly RegionRole[] = ['primary', 'recovery', 'witness']

/** First part of the keys under which the templates of a region are kept beside its evidence. */
export const POSTURE_FOLDER = 'posture'

const keptSchema = z.object({
  hash: z.string(),
  stacks: z.array(z.object({ stack: z.string(), region: z.string(), resources: templateSchema.shape.Resources })),
})

/**
 * Keeps what the stacks of a region were deployed with, where it is copied to the next region: while that region is dark,
 * nobody else could say what stands there. The same templates are kept once.
 */
export async function keepPosture(
  store: WriteOnceStore,
  region: string,
  stacks: readonly StackTemplate[],
  now: Date,
): Promise<'kept' | 'unchanged' | 'nothing-stands'> {
  // That nothing stands is more likely to be a mistake of whoever looks, and would make every check of it pass or fail.
  if (stacks.length === 0) return 'nothing-stands'
  const kept = stacks.map((one) => ({ stack: one.stack, region: one.region, resources: one.resources }))
  const hash = contentHash(kept)
  if ((await newest(store, region))?.hash === hash) return 'unchanged'
  await store.create(keyOf(region, now), canonicalJson({ hash, stacks: kept }))
  return 'kept'
}

/** The templates of each region, as far as they are kept here, and the regions of which there are none. */
export async function keptPostures(
  store: WriteOnceStore,
  regions: Readonly<Partial<Record<RegionRole, string>>>,
): Promise<{ readonly stacks: readonly StackTemplate[]; readonly unseen: readonly RegionRole[] }> {
  const held = await Promise.all(
    ROLES.flatMap((role) => {
      const region = regions[role]
      return region === undefined ? [] : [newest(store, region).then((posture) => [role, posture] as const)]
    }),
  )
  return {
    stacks: held.flatMap(([, posture]) => posture?.stacks ?? []),
    unseen: held.flatMap(([role, posture]) => (posture ? [] : [role])),
  }
}

async function newest(store: WriteOnceStore, region: string) {
  let last: string | undefined
  for await (const key of store.keys(`${POSTURE_FOLDER}/${region}/`)) last = key
  const text = last === undefined ? undefined : await store.get(last)
  if (text === undefined) return undefined
  const kept = readStored(keptSchema, text)
  if (!kept) return undefined
  const { hash, stacks } = kept
  // Its own hash, so that what was changed is none.
  const whole = stacks as readonly StackTemplate[]
  return contentHash(whole) === hash ? { hash, stacks: whole } : undefined
}

const keyOf = (region: string, now: Date): string =>
  `${POSTURE_FOLDER}/${region}/${now.toISOString().replaceAll(/[^0-9TZ]/g, '')}`

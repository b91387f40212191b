import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { PortError } from '../../core/ports/errors'
import type { TrafficSwitch } from '../../core/ports/traffic-switch'
import { SWITCH_ALWAYS_PRESENT, SWITCH_TO_RECOVERY, switchToNext } from './agreed-names'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'

/** The switch bucket of one place. */
export interface SwitchPlace {
  readonly client: S3Client
  readonly bucket: string
}

/** What the objects stand for. */
export interface SwitchTargets {
  readonly recoveryRegion: string
  /** Regions with a database. */
  readonly regions: readonly string[]
  /** Name under which a database would be restored in any of them. */
  readonly next: string
}

/** Puts the object in place that is there whatever the switch says. Repeatable; what it holds is of no matter. */
export async function markSwitch({ client, bucket }: SwitchPlace): Promise<void> {
  const command = new PutObjectCommand({ Bucket: bucket, Key: SWITCH_ALWAYS_PRESENT, Body: 'present' })
  await asking(`marking the switch in '${bucket}'`, () => client.send(command, within(CALL_MS)))
}

type Wanted = Parameters<TrafficSwitch['point']>[1]
interface Held {
  readonly epoch: number
  readonly etag: string
}

/**
 * The switch is the presence of objects in each place, which Route 53's health checkers look for: one says which region, and
 * one of each region that its next database has taken over. Their content says which epoch put them there, and a later epoch
 * is never overruled by an earlier one.
 */
export class S3TrafficSwitch implements TrafficSwitch {
  constructor(
    private readonly places: Readonly<Record<'recovery' | 'witness', SwitchPlace>>,
    private readonly targets: SwitchTargets,
    readonly served: TrafficSwitch['served'],
  ) {}

  async point(place: 'recovery' | 'witness', wanted: Wanted): Promise<void> {
    const { recoveryRegion, regions, next } = this.targets
    const keys = [SWITCH_TO_RECOVERY, ...regions.map((region) => switchToNext(region, next))]
    const held = new Map(await Promise.all(keys.map(async (key) => [key, await this.read(place, key)] as const)))
    const newest = Math.max(0, ...[...held.values()].map((object) => object?.epoch ?? 0))
    if (newest > wanted.epoch) {
      throw new PortError(
        'conflict',
        'SWITCH_NEWER',
        `the ${place} switch was set by epoch ${newest}, newer than ${wanted.epoch}`,
      )
    }
    const say = (key: string, isSo: boolean) =>
      isSo ? this.set(place, key, held.get(key), wanted) : this.clear(place, key, held.get(key))
    // The database within the region first: nobody is led into a region before it leads to the right one.
    if (wanted.instance !== undefined) await say(switchToNext(wanted.region, next), wanted.instance === next)
    await say(SWITCH_TO_RECOVERY, wanted.region === recoveryRegion)
  }

  private async set(place: 'recovery' | 'witness', key: string, held: Held | undefined, wanted: Wanted): Promise<void> {
    if (held?.epoch === wanted.epoch) return
    const { client, bucket } = this.places[place]
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: JSON.stringify({ ...wanted }),
      ContentType: 'application/json',
      // What was read is what is replaced, or nothing is.
      ...(held ? { IfMatch: held.etag } : { IfNoneMatch: '*' }),
    })
    try {
      await asking(`setting the ${place} switch`, () => client.send(command, within(CALL_MS)))
    } catch (error) {
      // A repeated attempt meets the object of the first one, whose answer was lost.
      if ((await this.read(place, key))?.epoch !== wanted.epoch) throw error
    }
  }

  private async clear(place: 'recovery' | 'witness', key: string, held: Held | undefined): Promise<void> {
    if (!held) return
    const { client, bucket } = this.places[place]
    const command = new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: held.etag })
    try {
      await asking(`clearing the ${place} switch`, () => client.send(command, within(CALL_MS)))
    } catch (error) {
      // A repeated attempt meets nothing where the first one, whose answer was lost, has cleared.
      if (await this.read(place, key)) throw error
    }
  }

  private async read(place: 'recovery' | 'witness', key: string): Promise<Held | undefined> {
    const { client, bucket } = this.places[place]
    return asking(`reading the ${place} switch`, async () => {
      try {
        const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), within(CALL_MS))
        const { epoch } = JSON.parse((await Body?.transformToString('utf8')) ?? '{}') as { epoch?: number }
        return { epoch: epoch ?? 0, etag: ETag ?? '*' }
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined
        throw error
      }
    })
  }
}

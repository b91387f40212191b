import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { PortError } from '../../core/ports/errors'
import type { TrafficSwitch } from '../../core/ports/traffic-switch'
import { SWITCH_ALWAYS_PRESENT, SWITCH_TO_RECOVERY } from './agreed-names'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'

/** The switch bucket of one place. */
export interface SwitchPlace {
  readonly client: S3Client
  readonly bucket: string
}

/** Puts the object in place that is there whatever the switch says. Repeatable; what it holds is of no matter. */
export async function markSwitch({ client, bucket }: SwitchPlace): Promise<void> {
  const command = new PutObjectCommand({ Bucket: bucket, Key: SWITCH_ALWAYS_PRESENT, Body: 'present' })
  await asking(`marking the switch in '${bucket}'`, () => client.send(command, within(CALL_MS)))
}

/**
 * The switch is the presence of one object per place, which Route 53's health checkers look for. Its content says which
 * epoch put it there, and a later epoch is never overruled by an earlier one.
 */
export class S3TrafficSwitch implements TrafficSwitch {
  constructor(
    private readonly places: Readonly<Record<'recovery' | 'witness', SwitchPlace>>,
    private readonly recoveryRegion: string,
    readonly served: TrafficSwitch['served'],
  ) {}

  async point(
    place: 'recovery' | 'witness',
    { region, epoch, key }: Parameters<TrafficSwitch['point']>[1],
  ): Promise<void> {
    const { client, bucket } = this.places[place]
    const held = await this.read(place)
    if (held && held.epoch > epoch) {
      throw new PortError(
        'conflict',
        'SWITCH_NEWER',
        `the ${place} switch was set by epoch ${held.epoch}, newer than ${epoch}`,
      )
    }
    const at = { Bucket: bucket, Key: SWITCH_TO_RECOVERY }
    if (region !== this.recoveryRegion) {
      if (!held) return
      const command = new DeleteObjectCommand({ ...at, IfMatch: held.etag })
      try {
        await asking(`clearing the ${place} switch`, () => client.send(command, within(CALL_MS)))
      } catch (error) {
        // A repeated attempt meets nothing where the first one, whose answer was lost, has cleared.
        if (await this.read(place)) throw error
      }
      return
    }
    if (held?.epoch === epoch) return
    const command = new PutObjectCommand({
      ...at,
      Body: JSON.stringify({ region, epoch, key }),
      ContentType: 'application/json',
      // What was read is what is replaced, or nothing is.
      ...(held ? { IfMatch: held.etag } : { IfNoneMatch: '*' }),
    })
    try {
      await asking(`setting the ${place} switch`, () => client.send(command, within(CALL_MS)))
    } catch (error) {
      // A repeated attempt meets the object of the first one, whose answer was lost.
      if ((await this.read(place))?.epoch !== epoch) throw error
    }
  }

  private async read(
    place: 'recovery' | 'witness',
  ): Promise<{ readonly epoch: number; readonly etag: string } | undefined> {
    const { client, bucket } = this.places[place]
    return asking(`reading the ${place} switch`, async () => {
      try {
        const command = new GetObjectCommand({ Bucket: bucket, Key: SWITCH_TO_RECOVERY })
        const { Body, ETag } = await client.send(command, within(CALL_MS))
        const { epoch } = JSON.parse((await Body?.transformToString('utf8')) ?? '{}') as { epoch?: number }
        return { epoch: epoch ?? 0, etag: ETag ?? '*' }
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined
        throw error
      }
    })
  }
}

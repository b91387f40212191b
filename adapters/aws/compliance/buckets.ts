import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  GetPublicAccessBlockCommand,
  PutBucketLifecycleConfigurationCommand,
  PutPublicAccessBlockCommand,
  type LifecycleRule,
  type S3Client,
} from '@aws-sdk/client-s3'
import { noSooner } from '../../../core/compliance/at-least'
import { scope, soonest } from '../../../core/compliance/expiry'
import { PUBLIC_SWITCHES } from '../../../core/compliance/template-form'
import type { BucketProtection, Expiry } from '../../../core/ports/compliance'
import { CALL_MS, within } from '../client-settings'
import { asking, isException } from '../failures'
import type { Guard } from './guard'

export function bucketGuard(s3: S3Client, region: string): Guard<BucketProtection> {
  const rulesOf = async (Bucket: string): Promise<LifecycleRule[]> => {
    const held = await unless('NoSuchLifecycleConfiguration', () =>
      asking('s3:GetLifecycleConfiguration', () =>
        s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }), within(CALL_MS)),
      ),
    )
    return held?.Rules ?? []
  }
  return {
    async read(name) {
      try {
        const block = await unless('NoSuchPublicAccessBlockConfiguration', () =>
          asking('s3:GetBucketPublicAccessBlock', () =>
            s3.send(new GetPublicAccessBlockCommand({ Bucket: name }), within(CALL_MS)),
          ),
        )
        const switches = block?.PublicAccessBlockConfiguration ?? {}
        const active = (await rulesOf(name)).filter(({ Status }) => Status === 'Enabled')
        return {
          kind: 'bucket',
          region,
          name,
          refusesPublic: PUBLIC_SWITCHES.every((one) => switches[one] === true),
          ends: soonest(active.map((rule) => [scopeOf(rule), expiryOf(rule)])),
        }
      } catch (error) {
        if (isException(error, 'NoSuchBucket')) return undefined
        throw error
      }
    },
    async write(wanted, found) {
      const { name: Bucket } = wanted
      if (wanted.refusesPublic && !found?.refusesPublic)
        await asking('s3:PutBucketPublicAccessBlock', () =>
          s3.send(
            new PutPublicAccessBlockCommand({
              Bucket,
              PublicAccessBlockConfiguration: Object.fromEntries(PUBLIC_SWITCHES.map((one) => [one, true])),
            }),
            within(CALL_MS),
          ),
        )
      const rules = await rulesOf(Bucket)
      const kept = rules.flatMap((rule) => (rule.Status === 'Enabled' ? allowed(rule, wanted.ends) : [rule]))
      if (JSON.stringify(kept) === JSON.stringify(rules)) return 'restored'
      await asking('s3:PutLifecycleConfiguration', async () => {
        if (kept.length === 0) await s3.send(new DeleteBucketLifecycleCommand({ Bucket }), within(CALL_MS))
        else {
          const LifecycleConfiguration = { Rules: kept }
          await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }), within(CALL_MS))
        }
      })
      return 'restored'
    },
  }
}

/** The rule without an end that is sooner than wanted; nothing where it does nothing else. */
function allowed(rule: LifecycleRule, ends: Readonly<Record<string, Expiry>>): LifecycleRule[] {
  const found = expiryOf(rule)
  const { objectDays, versionDays } = noSooner(ends[scopeOf(rule)] ?? {}, found)
  if (objectDays === found.objectDays && versionDays === found.versionDays) return [rule]
  const { Expiration: expiration, NoncurrentVersionExpiration: noncurrent, ...rest } = rule
  const after = {
    ...rest,
    ...(objectDays === found.objectDays
      ? expiration && { Expiration: expiration }
      : objectDays !== undefined && { Expiration: { Days: objectDays } }),
    ...(versionDays !== undefined && { NoncurrentVersionExpiration: { ...noncurrent, NoncurrentDays: versionDays } }),
  }
  return ACTIONS.some((action) => after[action] !== undefined) ? [after] : []
}

/** A rule needs at least one: https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html */
const ACTIONS = [
  'Expiration',
  'NoncurrentVersionExpiration',
  'Transitions',
  'NoncurrentVersionTransitions',
  'AbortIncompleteMultipartUpload',
] as const

function scopeOf({ Filter, Prefix }: LifecycleRule): string {
  const tags = [...(Filter?.Tag ? [Filter.Tag] : []), ...(Filter?.And?.Tags ?? [])]
  return scope(
    Filter?.And?.Prefix ?? Filter?.Prefix ?? Prefix ?? '',
    tags.map(({ Key = '', Value = '' }) => [Key, Value]),
  )
}

/** On a day of the calendar everything ends, however young it is: no number of days is sooner. */
const expiryOf = ({ Expiration, NoncurrentVersionExpiration }: LifecycleRule): Expiry => ({
  ...(Expiration?.Days !== undefined && { objectDays: Expiration.Days }),
  ...(Expiration?.Date !== undefined && { objectDays: 0 }),
  ...(NoncurrentVersionExpiration?.NoncurrentDays !== undefined && {
    versionDays: NoncurrentVersionExpiration.NoncurrentDays,
  }),
})

async function unless<T>(exception: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    if (isException(error, exception)) return undefined
    throw error
  }
}

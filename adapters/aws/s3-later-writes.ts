import { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { LaterWrites } from '../../core/ports/later-writes'
import { untold } from '../postgres/commit-times'
import { laterListName, listLater } from '../postgres/later-writes'
import { LATER_WRITES_FOLDER } from './agreed-names'
import { asking } from './failures'
import type { Sessions } from './own-database'

export interface LaterWritesSettings {
  readonly region: string
  readonly tables: readonly string[]
  /** How long reading every table may take. */
  readonly deadlineMs: number
  readonly bucket: string
}

/**
 * Lists later writes into the bucket of the evidence of the own region, beside the records: locked like them, so that the hash
 * in a record can be checked for as long, and in no prefix that is copied to another region.
 */
export const s3LaterWrites = (
  sessions: Sessions,
  s3: S3Client,
  { region, tables, deadlineMs, bucket }: LaterWritesSettings,
): LaterWrites => ({
  list: (source, { key, since, recovered, reachBackSeconds }) =>
    sessions.session(source, deadlineMs, async (old) => {
      const code = await untold(old, since)
      if (code) return { kind: 'inconclusive', code }
      const name = laterListName(key)
      const { sha256, ...counts } = await sessions.session(recovered, deadlineMs, (copy) =>
        listLater(old, copy, tables, { since, reachBackSeconds }, (text) =>
          asking(`keeping the list '${name}'`, () =>
            uploadOf(s3, bucket, `${LATER_WRITES_FOLDER}/${region}/${name}`, text),
          ),
        ),
      )
      return { kind: 'listed', ...counts, artefact: { name, sha256 } }
    }),
})

const uploadOf = (s3: S3Client, bucket: string, key: string, text: AsyncIterable<string>) =>
  new Upload({
    client: s3,
    params: {
      Bucket: bucket,
      Key: key,
      Body: Readable.from(bytesOf(text)),
      ContentType: 'application/x-ndjson',
      // Of each part; a bucket with Object Lock takes none without.
      ChecksumAlgorithm: 'SHA256',
    },
    // One part is sent while the next is filled.
    queueSize: 2,
    leavePartsOnError: false,
  }).done()

/** As text, a stream would be cut by its pieces and not by their bytes. */
async function* bytesOf(text: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const piece of text) yield Buffer.from(piece)
}

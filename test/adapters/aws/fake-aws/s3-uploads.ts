import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { xml, type Call } from './wire'

/** Smallest part of an upload but the last (S3 quotas). */
const SMALLEST_PART = 5 * 1024 ** 2

/** Objects of bytes, sent whole or in parts. Nothing is held before an upload is completed. */
export class FakeUploads {
  /** Bytes by `bucket/key`. */
  readonly held = new Map<string, Buffer>()
  /** Parts of uploads that are neither completed nor aborted. */
  readonly open = new Map<string, Map<number, Buffer>>()

  action({ method, url, bytes }: Omit<Call, 'action'>): string | undefined {
    const { searchParams: query } = url
    if (method === 'POST' && query.has('uploads')) return 's3:CreateMultipartUpload'
    if (method === 'PUT' && query.has('partNumber')) return 's3:UploadPart'
    if (method === 'POST' && query.has('uploadId')) return 's3:CompleteMultipartUpload'
    if (method === 'DELETE' && query.has('uploadId')) return 's3:AbortMultipartUpload'
    return method === 'PUT' && !isUtf8(bytes) ? 's3:PutObject' : undefined
  }

  answer(
    { action, url, headers, bytes, body }: Call,
    error: (code: string, status?: number) => ReturnType<typeof xml>,
  ) {
    const path = decodeURIComponent(url.pathname).slice(1)
    const id = url.searchParams.get('uploadId') ?? ''
    const stated = headers['x-amz-checksum-sha256']
    if (stated !== undefined && stated !== sha256(bytes)) return error('BadDigest', 400)
    // Asked of a whole object at once, of parts when they are put together.
    const whole = action === 's3:PutObject' || action === 's3:CompleteMultipartUpload'
    if (whole && headers['if-none-match'] === '*' && this.held.has(path)) return error('PreconditionFailed', 412)
    switch (action) {
      case 's3:PutObject':
        this.held.set(path, bytes)
        return xml('', 200, { etag: '"whole"' })
      case 's3:CreateMultipartUpload': {
        const made = `upload-${this.open.size + 1}`
        this.open.set(made, new Map())
        return xml(`<InitiateMultipartUploadResult><UploadId>${made}</UploadId></InitiateMultipartUploadResult>`)
      }
      case 's3:UploadPart': {
        // Each part of a bucket with Object Lock needs one.
        if (stated === undefined) return error('InvalidRequest')
        const parts = this.open.get(id)
        if (!parts) return error('NoSuchUpload', 404)
        const number = Number(url.searchParams.get('partNumber'))
        parts.set(number, bytes)
        return xml('', 200, { etag: `"${number}"`, 'x-amz-checksum-sha256': stated })
      }
      case 's3:AbortMultipartUpload':
        this.open.delete(id)
        return xml('', 204)
      default: {
        const parts = this.open.get(id)
        const listed = [...body.matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, number]) => Number(number))
        const found = listed.map((number) => parts?.get(number))
        if (found.some((part) => !part)) return error('InvalidPart')
        if (found.slice(0, -1).some((part) => part!.length < SMALLEST_PART)) return error('EntityTooSmall')
        this.held.set(path, Buffer.concat(found as Buffer[]))
        this.open.delete(id)
        return xml('<CompleteMultipartUploadResult><ETag>"parts"</ETag></CompleteMultipartUploadResult>')
      }
    }
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64')

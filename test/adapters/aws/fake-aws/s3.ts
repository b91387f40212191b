import { createHash } from 'node:crypto'
import { FakeUploads } from './s3-uploads'
import { FakeVersions } from './s3-versions'
import { xml, type Call, type Service } from './wire'

/** Buckets addressed by path. Conditional writes, reads, lists in pages of `pageSize`. */
export class FakeS3 implements Service {
  readonly objects = new Map<string, string>()
  /** Buckets with Object Lock, beside the plain ones. */
  readonly versions = new FakeVersions()
  /** What is no text. */
  readonly uploads = new FakeUploads()
  pageSize = 2
  /** Buckets that nobody has. */
  readonly missing = new Set<string>()

  /** Buckets of the account and the region of each; a bucket holds objects also where it is not listed here. */
  readonly buckets = new Map<string, string>()

  action(call: Omit<Call, 'action'>): string {
    const { method, url } = call
    const aboutVersions = this.versions.action(call)
    if (aboutVersions) return aboutVersions
    const upload = this.uploads.action(call)
    if (upload) return upload
    if (url.pathname === '/' && method === 'GET') return 's3:ListAllMyBuckets'
    const isBucket = url.pathname.split('/').filter(Boolean).length === 1
    if (isBucket) return 's3:ListBucket'
    return (
      { GET: 's3:GetObject', HEAD: 's3:HeadObject', PUT: 's3:PutObject', DELETE: 's3:DeleteObject' }[method] ?? method
    )
  }

  error = (code: string, status = 400) => xml(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`, status)

  answer(call: Call) {
    const { method, url, headers, body, action } = call
    if (this.versions.action(call)) return this.versions.answer(call, this.error)
    if (this.uploads.action(call)) return this.uploads.answer(call, this.error)
    const path = decodeURIComponent(url.pathname).slice(1)
    // The answer to HEAD has no body, so neither has its refusal.
    if (this.missing.has(path.split('/')[0]!)) return method === 'HEAD' ? xml('', 404) : this.error('NoSuchBucket', 404)
    if (action === 's3:ListAllMyBuckets') return this.listBuckets(url.searchParams)
    if (action === 's3:ListBucket') return this.list(path.replace(/\/$/, ''), url.searchParams)
    const held = this.objects.get(path) ?? this.uploads.held.get(path)
    if (headers['if-none-match'] === '*' && held !== undefined) return this.error('PreconditionFailed', 412)
    const expected = headers['if-match']
    if (expected !== undefined && held === undefined) return this.error('NoSuchKey', 404)
    if (expected !== undefined && expected !== etag(held!)) return this.error('PreconditionFailed', 412)
    const source = headers['x-amz-copy-source']
    if (method === 'PUT' && source !== undefined) {
      const copied = this.objects.get(decodeURIComponent(source))
      if (copied === undefined) return this.error('NoSuchKey', 404)
      this.objects.set(path, copied)
      return xml(`<CopyObjectResult><ETag>${etag(copied)}</ETag></CopyObjectResult>`)
    }
    if (method === 'PUT') {
      const stated = headers['x-amz-checksum-sha256']
      if (stated !== undefined && stated !== sha256(body)) return this.error('BadDigest', 400)
      this.objects.set(path, body)
      return xml('', 200, { etag: etag(body) })
    }
    if (method === 'DELETE') {
      this.objects.delete(path)
      return xml('', 204)
    }
    if (held === undefined) return method === 'HEAD' ? xml('', 404) : this.error('NoSuchKey', 404)
    const wanted = /^bytes=(\d+)-(\d+)$/.exec(headers['range'] ?? '')
    if (wanted && method === 'GET') return this.part(Buffer.from(held), Number(wanted[1]), Number(wanted[2]))
    const length = { 'content-length': String(Buffer.byteLength(held)) }
    return xml(held, 200, { etag: etag(held), ...length, 'x-amz-checksum-sha256': sha256(held) })
  }

  /** A part of an object; S3 tells no checksum of one. */
  private part(whole: Buffer, from: number, to: number) {
    if (from >= whole.length) return this.error('InvalidRange', 416)
    const bytes = whole.subarray(from, to + 1)
    return xml(bytes, 206, {
      etag: etag(whole),
      'content-length': String(bytes.length),
      'content-range': `bytes ${from}-${from + bytes.length - 1}/${whole.length}`,
    })
  }

  /** One on each page, so that whoever stops after the first one is noticed. */
  private listBuckets(query: URLSearchParams) {
    const region = query.get('bucket-region')
    const names = [...this.buckets].filter(([, of]) => region === null || of === region).map(([name]) => name)
    const at = Number(query.get('continuation-token') ?? '0')
    const [name] = names.slice(at, at + 1)
    return xml(
      `<ListAllMyBucketsResult><Buckets>${name === undefined ? '' : `<Bucket><Name>${name}</Name></Bucket>`}</Buckets>${
        at + 1 < names.length ? `<ContinuationToken>${at + 1}</ContinuationToken>` : ''
      }</ListAllMyBucketsResult>`,
    )
  }

  private list(bucket: string, query: URLSearchParams) {
    const prefix = `${bucket}/${query.get('prefix') ?? ''}`
    const after = query.get('continuation-token') ?? ''
    const keys = [...new Set([...this.objects.keys(), ...this.uploads.held.keys()])]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(bucket.length + 1))
    const rest = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).filter((key) => key > after)
    const page = rest.slice(0, this.pageSize)
    const more = rest.length > page.length
    return xml(
      `<ListBucketResult><IsTruncated>${more}</IsTruncated>${page.map((key) => `<Contents><Key>${key}</Key><Size>${Buffer.byteLength(this.objects.get(`${bucket}/${key}`) ?? this.uploads.held.get(`${bucket}/${key}`) ?? '')}</Size></Contents>`).join('')}` +
        `${more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''}</ListBucketResult>`,
    )
  }
}

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('base64')
const etag = (text: string | Buffer): string => `"${createHash('md5').update(text).digest('hex')}"`

import { xml, type Answer, type Call } from './wire'

/** One version of an object in a bucket with Object Lock. */
export interface FakeVersion {
  readonly bucket: string
  readonly key: string
  readonly versionId: string
  readonly modifiedAt: string
  readonly lockedUntil?: string
  readonly legalHold?: boolean
}

/** Versions as whoever disposes asks for them: lists in pages of `pageSize`, locks, deletions. */
export class FakeVersions {
  held: FakeVersion[] = []
  pageSize = 3

  /** The call as IAM names it; undefined where it is not about versions. */
  action({ method, url }: Omit<Call, 'action'>): string | undefined {
    const query = url.searchParams
    if (query.has('versions')) return 's3:ListBucketVersions'
    if (query.has('retention')) return 's3:GetObjectRetention'
    if (query.has('legal-hold')) return 's3:GetObjectLegalHold'
    return method === 'DELETE' && query.has('versionId') ? 's3:DeleteObjectVersion' : undefined
  }

  answer({ action, url, headers }: Call, error: (code: string, status: number) => Answer): Answer {
    const [bucket = '', ...rest] = decodeURIComponent(url.pathname).slice(1).split('/')
    const [key, versionId] = [rest.join('/'), url.searchParams.get('versionId')]
    if (action === 's3:ListBucketVersions') return this.list(bucket, url.searchParams)
    const found = this.held.find((v) => v.bucket === bucket && v.key === key && v.versionId === versionId)
    if (action === 's3:DeleteObjectVersion') {
      const locked = found?.lockedUntil !== undefined && new Date(found.lockedUntil) > new Date()
      const bypassed = headers['x-amz-bypass-governance-retention'] === 'true'
      if (found && ((locked && !bypassed) || found.legalHold)) return error('AccessDenied', 403)
      this.held = this.held.filter((version) => version !== found)
      return xml('', 204)
    }
    if (!found) return error('NoSuchVersion', 404)
    if (action === 's3:GetObjectRetention')
      return found.lockedUntil === undefined
        ? error('NoSuchObjectLockConfiguration', 404)
        : xml(`<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>${found.lockedUntil}</RetainUntilDate></Retention>`)
    return found.legalHold === undefined
      ? error('NoSuchObjectLockConfiguration', 404)
      : xml(`<LegalHold><Status>${found.legalHold ? 'ON' : 'OFF'}</Status></LegalHold>`)
  }

  private list(bucket: string, query: URLSearchParams): Answer {
    const matching = this.held.filter((v) => v.bucket === bucket && v.key.startsWith(query.get('prefix') ?? ''))
    const marker = query.get('version-id-marker')
    const from = marker === null ? 0 : matching.findIndex((v) => v.versionId === marker) + 1
    const page = matching.slice(from, from + this.pageSize)
    const more = matching.length > from + page.length
    const last = page.at(-1)
    return xml(
      `<ListVersionsResult><IsTruncated>${more}</IsTruncated>` +
        (more && last
          ? `<NextKeyMarker>${last.key}</NextKeyMarker><NextVersionIdMarker>${last.versionId}</NextVersionIdMarker>`
          : '') +
        page
          .map(
            (v) =>
              `<Version><Key>${v.key}</Key><VersionId>${v.versionId}</VersionId><LastModified>${v.modifiedAt}</LastModified></Version>`,
          )
          .join('') +
        `<DeleteMarker><Key>${query.get('prefix') ?? ''}</Key><VersionId>marker</VersionId></DeleteMarker></ListVersionsResult>`,
    )
  }
}

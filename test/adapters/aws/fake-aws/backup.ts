import { json, type Answer, type Call, type Service } from './wire'

/** A restore job as DescribeRestoreJob answers it; times in seconds since 1970, as on the wire. */
export interface FakeRestoreJob {
  readonly Status: string
  readonly CreationDate: number
  readonly CompletionDate?: number
  readonly RecoveryPointCreationDate: number
  readonly CreatedResourceArn?: string
  readonly ResourceType?: string
  readonly CreatedBy?: { readonly RestoreTestingPlanArn: string }
  ValidationStatus?: string
  ValidationStatusMessage?: string
}

/** Restore jobs by id. A verdict settles a job once: another one is refused. */
export class FakeBackup implements Service {
  readonly jobs = new Map<string, FakeRestoreJob>()

  action({ method, url }: Omit<Call, 'action'>): string {
    if (method === 'GET' && /^\/restore-jobs\/?$/.test(url.pathname)) return 'backup:ListRestoreJobs'
    if (method === 'GET' && url.pathname.startsWith('/restore-jobs/')) return 'backup:DescribeRestoreJob'
    if (method === 'PUT' && url.pathname.endsWith('/validations')) return 'backup:PutRestoreValidationResult'
    return `backup:${method} ${url.pathname}`
  }

  error = (code: string, status = 400): Answer => ({
    ...json({ Code: code, Message: code, Type: 'Client' }, status),
    headers: { 'x-amzn-errortype': code, 'content-type': 'application/json' },
  })

  answer({ action, url, body }: Call): Answer {
    if (action === 'backup:ListRestoreJobs') return this.list(url.searchParams)
    const id = decodeURIComponent(url.pathname.split('/')[2] ?? '')
    const job = this.jobs.get(id)
    if (!job) return this.error('ResourceNotFoundException')
    if (action === 'backup:DescribeRestoreJob') return json({ RestoreJobId: id, ...job })
    if (action !== 'backup:PutRestoreValidationResult') return this.error('InvalidRequestException')
    if (job.ValidationStatus && job.ValidationStatus !== 'VALIDATING') return this.error('InvalidRequestException')
    const { ValidationStatus, ValidationStatusMessage } = JSON.parse(body) as Record<string, string>
    Object.assign(job, { ValidationStatus, ValidationStatusMessage })
    return { status: 204, body: '' }
  }

  /** One job on each page, so that whoever stops after the first one is noticed. */
  private list(query: URLSearchParams): Answer {
    const after = Date.parse(query.get('createdAfter') ?? '') / 1000
    const found = [...this.jobs].filter(
      ([, { CreationDate, Status }]) => CreationDate >= after && Status === query.get('status'),
    )
    const at = Number(query.get('nextToken') ?? 0)
    return json({
      RestoreJobs: found.slice(at, at + 1).map(([RestoreJobId, job]) => ({ RestoreJobId, ...job })),
      ...(at + 1 < found.length && { NextToken: String(at + 1) }),
    })
  }
}

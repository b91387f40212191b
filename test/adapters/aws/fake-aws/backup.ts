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

type BackupRequest = Readonly<Record<string, unknown>> & { readonly IdempotencyToken?: string }
interface FakeBackupJob {
  readonly request: BackupRequest
  /** Looks at it that find it running. */
  looks: number
  /** @default COMPLETED */
  ends?: string
}

/** A recovery point as the list of its vault tells it; times in seconds since 1970. */
export interface FakeRecoveryPoint {
  readonly RecoveryPointArn: string
  readonly ResourceArn: string
  readonly Status: string
  readonly CreationDate: number
  readonly CompletionDate?: number
  readonly BackupSizeInBytes?: number
  readonly IsEncrypted?: boolean
  readonly EncryptionKeyArn?: string
  readonly Lifecycle?: { readonly DeleteAfterDays?: number; readonly MoveToColdStorageAfterDays?: number }
  readonly CalculatedLifecycle?: { readonly DeleteAt?: number }
}

/** Restore jobs by id. A verdict settles a job once: another one is refused. */
export class FakeBackup implements Service {
  readonly jobs = new Map<string, FakeRestoreJob>()
  /** Backup jobs by id, and what asked for each; every look at one that runs brings it nearer to its end. */
  readonly backups = new Map<string, FakeBackupJob>()
  /** Recovery points that are whole, by ARN. */
  readonly points = new Set<string>()
  /** By the name of the vault that holds them; the vaults themselves are those of the account. */
  readonly recoveryPoints = new Map<string, readonly FakeRecoveryPoint[]>()
  /** As many as one page holds, however many are asked for. */
  pageSize = 3

  action({ method, url }: Omit<Call, 'action'>): string {
    if (method === 'GET' && /^\/restore-jobs\/?$/.test(url.pathname)) return 'backup:ListRestoreJobs'
    if (method === 'GET' && url.pathname.startsWith('/restore-jobs/')) return 'backup:DescribeRestoreJob'
    if (method === 'GET' && /^\/backup-vaults\/[^/]+\/recovery-points\/?$/.test(url.pathname))
      return 'backup:ListRecoveryPointsByBackupVault'
    if (method === 'PUT' && url.pathname.endsWith('/validations')) return 'backup:PutRestoreValidationResult'
    if (method === 'PUT' && /^\/backup-jobs\/?$/.test(url.pathname)) return 'backup:StartBackupJob'
    if (method === 'GET' && url.pathname.startsWith('/backup-jobs/')) return 'backup:DescribeBackupJob'
    if (method === 'GET' && url.pathname.includes('/recovery-points/')) return 'backup:DescribeRecoveryPoint'
    return `backup:${method} ${url.pathname}`
  }

  error = (code: string, status = 400): Answer => ({
    ...json({ Code: code, Message: code, Type: 'Client' }, status),
    headers: { 'x-amzn-errortype': code, 'content-type': 'application/json' },
  })

  answer({ action, url, body }: Call): Answer {
    if (action === 'backup:ListRestoreJobs') return this.list(url.searchParams)
    if (action === 'backup:StartBackupJob') return this.start(JSON.parse(body) as BackupRequest)
    if (action === 'backup:DescribeBackupJob') return this.look(url.pathname.split('/')[2] ?? '')
    if (action === 'backup:DescribeRecoveryPoint') {
      const arn = decodeURIComponent(url.pathname.split('/recovery-points/')[1] ?? '')
      return this.points.has(arn)
        ? json({ RecoveryPointArn: arn, Status: 'COMPLETED' })
        : this.error('ResourceNotFoundException')
    }
    if (action === 'backup:ListRecoveryPointsByBackupVault') return this.listPoints(url)
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

  /** The same token again is the same job. */
  private start(request: BackupRequest): Answer {
    const known = [...this.backups].find(([, job]) => job.request.IdempotencyToken === request.IdempotencyToken)
    const id = known?.[0] ?? `backup-${this.backups.size + 1}`
    if (!known) this.backups.set(id, { request, looks: 2 })
    return json({ BackupJobId: id })
  }

  private look(id: string): Answer {
    const job = this.backups.get(id)
    if (!job) return this.error('ResourceNotFoundException')
    job.looks -= 1
    const state = job.ends ?? 'COMPLETED'
    if (job.looks >= 0) return json({ BackupJobId: id, State: 'RUNNING' })
    const RecoveryPointArn = `arn:aws:rds:sa-east-1:111122223333:snapshot:awsbackup:job-${id}`
    if (state !== 'COMPLETED') return json({ BackupJobId: id, State: state })
    if (job.looks === -1) this.points.add(RecoveryPointArn)
    return json({
      BackupJobId: id,
      State: state,
      RecoveryPointArn,
      BackupSizeInBytes: 4096,
      CompletionDate: 1795867200,
    })
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

  private listPoints({ pathname, searchParams }: URL): Answer {
    const all = this.recoveryPoints.get(decodeURIComponent(pathname.split('/')[2] ?? ''))
    if (!all) return this.error('ResourceNotFoundException')
    const token = searchParams.get('nextToken')
    const at = token === null ? 0 : Number(token)
    // As of every parameter that it cannot read.
    if (!Number.isInteger(at) || at > all.length) return this.error('InvalidParameterValueException')
    const end = at + Math.min(this.pageSize, Number(searchParams.get('maxResults') ?? 1000))
    return json({ RecoveryPoints: all.slice(at, end), ...(end < all.length && { NextToken: String(end) }) })
  }
}

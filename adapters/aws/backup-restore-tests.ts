import {
  DescribeRestoreJobCommand,
  ListRestoreJobsCommand,
  PutRestoreValidationResultCommand,
  type BackupClient,
  type DescribeRestoreJobOutput,
  type RestoreJobsListMember,
} from '@aws-sdk/client-backup'
import { PortError } from '../../core/ports/errors'
import type { RestoreTest, RestoreTests, RestoreVerdict, SettledTest } from '../../core/ports/restore-tests'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

/** Restore tests of AWS Backup in one region. */
export class BackupRestoreTests implements RestoreTests {
  constructor(private readonly client: BackupClient) {}

  async describe(jobId: string): Promise<RestoreTest | undefined> {
    const command = new DescribeRestoreJobCommand({ RestoreJobId: jobId })
    try {
      const job = await asking(`describing restore job '${jobId}'`, () => this.client.send(command, within(CALL_MS)))
      return restoreTest(jobId, job)
    } catch (error) {
      if (isException(error, 'ResourceNotFound')) return undefined
      throw error
    }
  }

  async report(jobId: string, { status, code }: RestoreVerdict): Promise<void> {
    const command = new PutRestoreValidationResultCommand({
      RestoreJobId: jobId,
      ValidationStatus: status === 'successful' ? 'SUCCESSFUL' : 'FAILED',
      ValidationStatusMessage: code,
    })
    await asking(`reporting on restore job '${jobId}'`, () => this.client.send(command, within(CALL_MS)))
  }

  async passedSince(since: Date): Promise<readonly string[]> {
    const plans: string[] = []
    for await (const { CreatedBy, ValidationStatus } of this.completedSince(since)) {
      const plan = planOf(CreatedBy?.RestoreTestingPlanArn)
      if (plan && ValidationStatus === 'SUCCESSFUL') plans.push(plan)
    }
    return plans
  }

  async settledSince(since: Date): Promise<readonly SettledTest[]> {
    const settled: SettledTest[] = []
    for await (const job of this.completedSince(since)) {
      const plan = planOf(job.CreatedBy?.RestoreTestingPlanArn)
      const copy = instanceOf(job.CreatedResourceArn)
      const { RestoreJobId: jobId, CompletionDate } = job
      if (plan && copy && jobId && CompletionDate && verdictOf(job))
        settled.push({ jobId, plan, copy, completedAt: CompletionDate.toISOString() })
    }
    return settled
  }

  private async *completedSince(since: Date): AsyncIterable<RestoreJobsListMember> {
    let NextToken: string | undefined
    do {
      const command = new ListRestoreJobsCommand({
        ByCreatedAfter: since,
        ByStatus: 'COMPLETED',
        ...(NextToken && { NextToken }),
      })
      const page = await asking('listing restore jobs', () => this.client.send(command, within(CALL_MS)))
      yield* page.RestoreJobs ?? []
      ;({ NextToken } = page)
    } while (NextToken)
  }
}

function restoreTest(jobId: string, job: DescribeRestoreJobOutput): RestoreTest {
  const { CreationDate, CompletionDate, RecoveryPointCreationDate } = job
  if (!CreationDate || !RecoveryPointCreationDate)
    throw new PortError('invalid', 'JOB_INCOMPLETE', `AWS Backup said too little about restore job '${jobId}'`)
  const plan = planOf(job.CreatedBy?.RestoreTestingPlanArn)
  const copy = instanceOf(job.CreatedResourceArn)
  const verdict = verdictOf(job)
  return {
    jobId,
    state: STATES[job.Status ?? 'PENDING'],
    startedAt: CreationDate.toISOString(),
    recoveryPointAt: RecoveryPointCreationDate.toISOString(),
    ...(plan && { plan }),
    ...(CompletionDate && { completedAt: CompletionDate.toISOString() }),
    ...(copy && { copy }),
    ...(verdict && { verdict }),
  }
}

const STATES = {
  PENDING: 'running',
  RUNNING: 'running',
  COMPLETED: 'completed',
  ABORTED: 'failed',
  FAILED: 'failed',
} as const

/** Of `arn:aws:backup:eu-west-1:111122223333:restore-testing-plan:weekly-0f1e...`: AWS adds an id of its own to the name. */
const planOf = (arn: string | undefined): string | undefined =>
  arn
    ?.split(':')
    .at(-1)
    ?.replace(/-[0-9a-f-]{36}$/, '')

/** Of `arn:aws:rds:eu-west-1:111122223333:db:name`; undefined for what is no database instance. */
function instanceOf(arn: string | undefined) {
  const [, , service, region, , kind, instance] = (arn ?? '').split(':')
  return service === 'rds' && kind === 'db' && region && instance ? { region, instance } : undefined
}

/** `VALIDATING` is no verdict yet; a validation that timed out is one, of AWS. */
function verdictOf(
  job: Pick<DescribeRestoreJobOutput, 'ValidationStatus' | 'ValidationStatusMessage'>,
): RestoreVerdict | undefined {
  const { ValidationStatus: status, ValidationStatusMessage: code } = job
  if (status === 'SUCCESSFUL') return { status: 'successful', code: code ?? status }
  if (status === 'FAILED' || status === 'TIMED_OUT') return { status: 'failed', code: code ?? status }
  return undefined
}

import type { DBInstance, RDSClient } from '@aws-sdk/client-rds'
import type { Client } from 'pg'
import type { Clock } from '../../core/ports/clock'
import type { DataCheck, InstanceDescription, InstanceRef } from '../../core/ports/database'
import { isPortError, PortError } from '../../core/ports/errors'
import type { Examination, RestoredCopies } from '../../core/ports/restore-tests'
import { postgresSession } from '../postgres/database-session'
import type { TableBaseline } from '../postgres/fingerprint/baseline'
import type { ValidatedTables } from '../postgres/validation'
import type { OwnDatabase } from './own-database'
import { describeInstance, findInstance } from './rds-inventory'

export interface CopySettings {
  readonly region: string
  /** Tables of the store register. */
  readonly tables: ValidatedTables
  /** How long the whole examination may take. */
  readonly examinationMs: number
  readonly clock: Clock
  /** Content of what never changes, as it was before a moment; undefined where nobody knows it. */
  readonly baseline: (moment: string) => Promise<readonly TableBaseline[] | undefined>
  /** What a copy is asked besides its data, in a session with it. */
  readonly inspect: (copy: InspectedCopy) => Promise<readonly DataCheck[]>
  /** How a copy is reached once its endpoint is known. */
  readonly reach: (copy: InstanceDescription) => OwnDatabase
}

export interface InspectedCopy {
  readonly found: DBInstance
  readonly recoveryPointAt: string
  /** Runs work in a session that changes nothing. */
  readonly session: <T>(work: (client: Client) => Promise<T>) => Promise<T>
}

/** Longest wait for one short question to a copy, and the pause before it is asked again. */
const QUESTION_MS = 20_000
const PAUSE_MS = 10_000
/** How often a copy that does not answer is asked: a new instance can be `available` before its name resolves. */
const ATTEMPTS = 4

/** Copies that AWS Backup restored as a test. Examined by the same validation as a promoted database, and left unchanged. */
export class RdsRestoredCopies implements RestoredCopies {
  constructor(
    private readonly client: RDSClient,
    private readonly settings: CopySettings,
  ) {}

  async isThere(copy: InstanceRef): Promise<boolean> {
    return (await findInstance(this.client, this.settings.region, copy)) !== undefined
  }

  async examine(copy: InstanceRef, { recoveryPointAt }: { readonly recoveryPointAt: string }): Promise<Examination> {
    const { clock, examinationMs } = this.settings
    const endsAtMs = clock.monotonicMs() + examinationMs
    const found = await this.find(copy)
    const database = this.settings.reach(describeInstance(copy, found))
    const baseline = await this.settings.baseline(recoveryPointAt)
    const session = (deadlineMs: number) => this.session(database, deadlineMs, baseline)
    const heartbeat = await this.patiently(() => session(QUESTION_MS).lastHeartbeat(copy))
    const inspected = await this.settings.inspect({
      found,
      recoveryPointAt,
      session: (work) => database.session(copy, QUESTION_MS, (client) => onlyLooking(client, work)),
    })
    const left = Math.max(1, endsAtMs - clock.monotonicMs())
    const validation = await session(left).validate(copy)
    return { validation, inspected, ...(heartbeat && { lastHeartbeatAt: heartbeat.at }) }
  }

  /** Throws for an instance that no restore test made: this function may log in anywhere, and must only look at copies. */
  private async find(copy: InstanceRef): Promise<DBInstance> {
    const found = await findInstance(this.client, this.settings.region, copy)
    if (!found) throw new PortError('invalid', 'COPY_GONE', `the copy '${copy.instance}' does not exist any more`)
    if (!isTestCopy(found))
      throw new PortError('denied', 'NOT_A_COPY', `'${copy.instance}' was not made by a restore test`)
    if (describeInstance(copy, found).status !== 'available')
      throw new PortError('conflict', 'COPY_NOT_AVAILABLE', `the copy '${copy.instance}' is not available`)
    return found
  }

  private session(database: OwnDatabase, deadlineMs: number, baseline: readonly TableBaseline[] | undefined) {
    return postgresSession({
      leaseMs: 0,
      tables: this.settings.tables,
      baseline: async () => baseline && [...baseline],
      openCorrection: refuseToCorrect,
      withSession: (ref, work) => database.session(ref, deadlineMs, (client) => onlyLooking(client, work)),
    })
  }

  private async patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++)
      try {
        return await ask()
      } catch (error) {
        if (!isPortError(error) || error.failure !== 'unreachable' || attempt === ATTEMPTS) throw error
        await this.settings.clock.sleep(PAUSE_MS)
      }
  }
}

async function onlyLooking<T>(client: Client, work: (client: Client) => Promise<T>): Promise<T> {
  await client.query('set default_transaction_read_only = on')
  return work(client)
}

const refuseToCorrect = (): Promise<never> =>
  Promise.reject(new PortError('denied', 'COPY_IS_READ_ONLY', 'a copy that is only looked at takes no ledger'))

/** AWS Backup marks what it restores for a test, and cleans up by the mark. https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html */
const MARK = 'awsbackup-restore-test'

export const isTestCopy = ({ DBInstanceIdentifier: name, TagList: tags }: DBInstance): boolean =>
  (name?.startsWith(MARK) ?? false) || (tags?.some(({ Key }) => Key === MARK) ?? false)

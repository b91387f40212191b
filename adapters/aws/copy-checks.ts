import type { LambdaClient } from '@aws-sdk/client-lambda'
import type { DBInstance } from '@aws-sdk/client-rds'
import * as z from 'zod/mini'
import { readLedger } from '../../core/coordination/erasure-ledger'
import type { Places } from '../../core/coordination/places'
import type { Policy } from '../../core/policy'
import type { DataCheck, InstanceRef } from '../../core/ports/database'
import { isPortError, PortError } from '../../core/ports/errors'
import { systemClock } from '../local/clock'
import { ARCHIVE_ROLE } from '../postgres/archive-role'
import { copySecurity, judgePace, paceOf, type Pace } from '../postgres/copy-checks'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { callFunction } from './lambda-call'
import { validatedTables } from './protected-tables'
import type { InspectedCopy } from './rds-restored-copies'
import { failureTold } from './told-failure'
import { contentAnswer } from './wire'

export interface CopyChecksSettings {
  readonly policy: Policy
  /** Where it is said whose access was taken away. @default nowhere, in a topology of one region */
  readonly places?: Places
  /** Keys under which a copy may stand: that of the databases of its region, and that of its backups. */
  readonly keyArns: readonly string[]
  /** The database of the region whose data the copy has, and the function beside it. @default a topology of one region has none */
  readonly beside?: { readonly client: LambdaClient; readonly name: string; readonly instance: InstanceRef }
}

type Beside = NonNullable<CopyChecksSettings['beside']>

const PACE_MS = 70_000

/**
 * What a copy of a restore test is asked besides its data: who gets in, under which key it lies, and whether it answers as the
 * database of its region does. What could not be asked is inconclusive, and no copy passes with it.
 */
export const copyChecks =
  (settings: CopyChecksSettings) =>
  async (copy: InspectedCopy): Promise<readonly DataCheck[]> => {
    const { policy, beside } = settings
    const checks = [await named('security', () => security(settings, copy))]
    if (beside) checks.push(await named('performance', () => performance(policy, beside, copy)))
    return checks
  }

async function named(name: string, check: () => Promise<Omit<DataCheck, 'name'>>): Promise<DataCheck> {
  try {
    return { name, ...(await check()) }
  } catch (error) {
    if (!isPortError(error)) throw error
    return { name, verdict: 'inconclusive', detail: { code: error.code } }
  }
}

/** Of the instance itself: it was made by a service that may have been told otherwise. */
const outside = (
  { StorageEncrypted, KmsKeyId, PubliclyAccessible }: DBInstance,
  keyArns: readonly string[],
): string[] => [
  ...(StorageEncrypted === true ? [] : ['not-encrypted']),
  ...(KmsKeyId !== undefined && keyArns.includes(KmsKeyId) ? [] : ['foreign-key']),
  ...(PubliclyAccessible === false ? [] : ['public']),
]

async function security(
  { policy, places, keyArns }: CopyChecksSettings,
  { found, recoveryPointAt, session }: InspectedCopy,
): Promise<Omit<DataCheck, 'name'>> {
  const { entries } = places ? await readLedger(places) : { entries: [] }
  // What was taken away later comes back with every restore, until the ledger is replayed.
  const latest = Date.parse(recoveryPointAt) - policy.failover.ledgerSkewSeconds * 1000
  const revoked = entries.flatMap(({ kind, subjectId, appliedAt }) =>
    kind === 'access-revocation' && appliedAt !== undefined && Date.parse(appliedAt) < latest ? [subjectId] : [],
  )
  const owner = found.MasterUsername === undefined ? [] : [found.MasterUsername]
  const { verdict, detail } = await session((client) =>
    copySecurity(client, {
      tlsMinimum: policy.database.tlsMinimum,
      known: { logins: [...policy.database.logins, ...owner, FENCE_ROLE, ARCHIVE_ROLE], superusers: [] },
      revoked,
    }),
  )
  const around = outside(found, keyArns)
  return { verdict: around.length > 0 ? 'fail' : verdict, detail: { ...(detail as object), outside: around } }
}

async function performance(
  policy: Policy,
  beside: Beside,
  { session }: InspectedCopy,
): Promise<Omit<DataCheck, 'name'>> {
  const { performance: limits } = policy.verification.weekly
  const { all: tables } = validatedTables(policy)
  const source = await paceBeside(beside)
  const copy = await session((client) =>
    paceOf(client, { tables, runs: limits.runs, nowMs: () => systemClock.monotonicMs() }),
  )
  return judgePace(source, copy, limits)
}

async function paceBeside({ client, name, instance }: Beside): Promise<Pace> {
  const answer = z.safeParse(
    contentAnswer,
    await callFunction(client, name, { read: 'pace', instance: { ...instance } }, PACE_MS),
  ).data
  if (answer && 'kind' in answer) throw failureTold(answer, `'${instance.instance}' was not asked`)
  if (answer?.read !== 'pace') throw new PortError('invalid', 'CONTENT_FOREIGN', `'${name}' answered in another form`)
  return answer
}

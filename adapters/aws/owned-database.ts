import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import * as z from 'zod/mini'
import { PortError } from '../../core/ports/errors'
import type { Client } from 'pg'
import { takeBaseline, type TableBaseline } from '../postgres/fingerprint/baseline'
import { firstRewrite } from '../postgres/rewrites'
import { compareContent, isCorruption } from '../postgres/validation'
import { prepareDatabase } from '../postgres/preparation'
import { sqlState, withSession, type Endpoint, type Login } from '../postgres/connect'
import { CALL_MS, clientSettings, within } from './client-settings'
import { setting, type AwsEnvironment } from './environment'
import { asking } from './failures'
import { ownDatabaseWorld } from './own-world'
import { validatedTables } from './protected-tables'
import type { PreparationAnswer, PreparationRequest } from './wire'

/** How long a first preparation waits for the guard, which begins anew each minute. */
const GUARD_WAIT_MS = 90_000
/** What a function has at most, less its start and end. */
const LONGEST_MS = 880_000

/** The form RDS and Secrets Manager agree on for a database secret, as far as it is used. */
const ownerSecret = z.looseObject({ username: z.string(), password: z.string() })

/**
 * Prepares the database that the function stands next to, or takes its baseline, in a session of its owner. A test may
 * know the owner and the endpoint otherwise.
 */
export function ownedDatabase(
  environment: AwsEnvironment,
  known?: { readonly owner: Login; readonly endpoint: Endpoint },
): (request: PreparationRequest) => Promise<PreparationAnswer> {
  const { policy, region, database } = ownDatabaseWorld(environment)
  const { endpoint = database.endpoint } = known ?? {}
  const owner = known ? async () => known.owner : ownerLogin(setting(environment, 'databaseOwnerSecret'), region)
  const { all: tables, unchanging } = validatedTables(policy)
  // Leaves the guard time to renew after a pause of the whole host; the rehearsal's dead man waits as long.
  const graceSeconds = 2 * policy.pace.lease.durationSeconds
  return async (request) =>
    withSession(endpoint, await owner(), LONGEST_MS, async (client): Promise<PreparationAnswer> => {
      if (request.task === 'baseline') {
        const found = request.held && (await compared(client, unchanging, request.held, request.recordedAt))
        // Nobody records what cannot be read.
        const isDamaged = found !== undefined && found.damaged.length > 0
        return { task: 'baseline', tables: isDamaged ? [] : await takeBaseline(client, unchanging), ...found }
      }
      const found = await prepareDatabase(client, { tables, epoch: request.epoch, waitMs: GUARD_WAIT_MS, graceSeconds })
      return { task: 'prepare', ...found }
    })
}

/** What of a baseline is no longer so, table by table, since a damaged page keeps its table alone from being read. */
async function compared(client: Client, tables: readonly string[], held: readonly TableBaseline[], since?: string) {
  const differing: string[] = []
  const damaged: string[] = []
  for (const table of tables)
    try {
      differing.push(...(await compareContent(client, [table], held)).differing)
    } catch (error) {
      if (!isCorruption(error)) throw error
      damaged.push(table)
    }
  const rewrite =
    differing.length > 0 && since !== undefined ? await rewriteSince(client, held, differing, since) : undefined
  return { differing: [...differing, ...damaged], damaged, ...(rewrite && { rewrittenBy: rewrite.transaction }) }
}

async function rewriteSince(
  client: Client,
  held: readonly TableBaseline[],
  differing: readonly string[],
  since: string,
) {
  try {
    return await firstRewrite(
      client,
      held.filter(({ table }) => differing.includes(table)),
      since,
    )
  } catch (error) {
    // Commit times are not kept: the moment of the baseline has to do.
    if (sqlState(error) === OBJECT_NOT_IN_PREREQUISITE_STATE) return undefined
    throw error
  }
}

const OBJECT_NOT_IN_PREREQUISITE_STATE = '55000'

/** Asked for each time: a rotated password is the one in force at once. */
export function ownerLogin(SecretId: string, region: string): () => Promise<Login> {
  const client = new SecretsManagerClient(clientSettings(region))
  return async () => {
    const { SecretString } = await asking('reading the secret of the owner', () =>
      client.send(new GetSecretValueCommand({ SecretId }), within(CALL_MS)),
    )
    const parsed = z.safeParse(ownerSecret, parsedJson(SecretString))
    if (!parsed.success)
      throw new PortError('invalid', 'OWNER_SECRET_FOREIGN', 'the secret of the owner holds no username and password')
    return { user: parsed.data.username, password: parsed.data.password }
  }
}

function parsedJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return undefined
  }
}

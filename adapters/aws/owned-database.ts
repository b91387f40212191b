import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import * as z from 'zod/mini'
import { PortError } from '../../core/ports/errors'
import { takeBaseline } from '../postgres/fingerprint/baseline'
import { compareContent } from '../postgres/validation'
import { prepareDatabase } from '../postgres/preparation'
import { withSession, type Endpoint, type Login } from '../postgres/connect'
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
        const compared = request.held && (await compareContent(client, unchanging, request.held))
        const content = await takeBaseline(client, unchanging)
        return { task: 'baseline', tables: content, ...(compared && { differing: compared.differing }) }
      }
      const found = await prepareDatabase(client, { tables, epoch: request.epoch, waitMs: GUARD_WAIT_MS, graceSeconds })
      return { task: 'prepare', ...found }
    })
}

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

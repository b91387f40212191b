import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { changeWatch } from '../../../adapters/aws/change-watch'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { answerJournal } from '../../../adapters/aws/coordination-relay'
import { DynamoConditionalStore } from '../../../adapters/aws/dynamo-conditional-store'
import { databaseAt } from '../../../adapters/aws/own-database'
import { journalRequest } from '../../../adapters/aws/wire'
import { CHANGE_SAMPLES } from '../../../core/detection/change-watch'
import { functionEnvironment } from '../../lambda/environment'
import { startDatabase, type TestDatabase } from '../postgres/database'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const TABLE = 'coordination'

let server: TestDatabase
beforeAll(async () => {
  server = await startDatabase()
}, 60_000)
afterAll(() => server?.remove())

/** The function of a region over a real PostgreSQL, each time as a new process that remembers nothing. */
function watchIn(region: string) {
  const { variables, remove } = functionEnvironment()
  const around = {
    ...variables,
    AWS_REGION: region,
    COORDINATION_RECOVERY_TABLE: TABLE,
    JOURNAL_RELAY_FUNCTION: 'relay',
  }
  const database = databaseAt({ region, instance: 'db-g1' }, server.endpoint, async (role) => server.login(role))
  const store = new DynamoConditionalStore(new DynamoDBClient(clientSettings('eu-west-1')), TABLE)
  aws.current.lambda.functions.set('sa-east-1/relay', (payload) => answerJournal(store, journalRequest.parse(payload)))
  return async () => {
    try {
      return await changeWatch(around, database)()
    } finally {
      remove()
    }
  }
}

/** What a session has counted is told at once, and not within the second. */
const run = async (statement: string) => {
  const client = await server.session('postgres')
  await client.query(statement)
  await client.query('select pg_stat_force_next_flush()')
  await client.end()
}

it('finds rows that are deleted between two looks, each by a process of its own', async () => {
  await run(
    `insert into clinic.invoices (patient_id, amount_cents, issued_on) select 1, 100, '2026-01-01' from generate_series(1, 700)`,
  )
  expect(await watchIn('sa-east-1')()).toEqual({ outcome: 'first-look', findings: [] })
  await run('delete from clinic.invoices where amount_cents = 100')
  expect(await watchIn('sa-east-1')()).toEqual({ outcome: 'compared', findings: ['DELETION_RATE'] })
  expect(await watchIn('sa-east-1')()).toEqual({ outcome: 'compared', findings: [] })
})

it('keeps its looks in the recovery region: through the relay, and without it where the table stands', async () => {
  await watchIn('sa-east-1')()
  expect(aws.current.callsOf('lambda:InvokeFunction').length).toBeGreaterThan(0)
  const before = aws.current.callsOf('lambda:InvokeFunction').length
  await watchIn('eu-west-1')()
  expect(aws.current.callsOf('lambda:InvokeFunction')).toHaveLength(before)
  const store = new DynamoConditionalStore(new DynamoDBClient(clientSettings('eu-west-1')), TABLE)
  const kept: string[] = []
  for await (const { key } of store.list(`${CHANGE_SAMPLES}/`)) kept.push(key)
  expect(kept).toEqual([`${CHANGE_SAMPLES}/eu-west-1`, `${CHANGE_SAMPLES}/sa-east-1`])
})

it('does not forget what it was to compare with while the store does not answer', async () => {
  await watchIn('sa-east-1')()
  aws.current.breaks('lambda:InvokeFunction', 'denied', 5)
  await run('update clinic.appointments set minutes = 15')
  await run('update clinic.appointments set minutes = 15')
  await run('update clinic.appointments set minutes = 15')
  await expect(watchIn('sa-east-1')()).rejects.toThrow()
  aws.current.mends()
  const { findings } = await watchIn('sa-east-1')()
  expect(findings).toContain('DELETION_RATE')
})

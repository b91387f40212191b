import { LambdaClient } from '@aws-sdk/client-lambda'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { answerJournal, answerRelay } from '../../../adapters/aws/coordination-relay'
import { DynamoConditionalStore } from '../../../adapters/aws/dynamo-conditional-store'
import { LambdaFence } from '../../../adapters/aws/lambda-fence'
import { LambdaHealth } from '../../../adapters/aws/lambda-health'
import { RelayedConditionalStore, RelayedJournal } from '../../../adapters/aws/relayed-conditional-store'
import { journalRequest, relayRequest } from '../../../adapters/aws/wire'
import { describeConditionalStore } from '../../contracts/conditional-store'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const functions = () => aws.current.lambda.functions
/** Never reached where a function answers, however busy the machine is. */
const PATIENT_MS = 15_000
const client = (region: string, answerMs = PATIENT_MS) =>
  new LambdaClient(clientSettings(region, { attempts: 1, answerMs }))
const primary = { region: 'sa-east-1', instance: 'db-g1' }
const replica = { region: 'eu-west-1', instance: 'db-g2' }

const close = (deadlineMs = PATIENT_MS) =>
  new LambdaFence((region) => client(region, deadlineMs), 'fence', deadlineMs).close(primary, {
    key: 'run-1/fence',
    epoch: 2,
  })

describe('LambdaFence', () => {
  it('asks the function of the primary region and gives back what it proved', async () => {
    functions().set('sa-east-1/fence', (payload) => {
      expect(payload).toEqual({ instance: primary, key: 'run-1/fence', epoch: 2 })
      return { kind: 'fenced', rolesRefused: ['app'], sessionsTerminated: 3, writtenUpTo: '0/1' }
    })
    expect(await close()).toEqual({ kind: 'fenced', rolesRefused: ['app'], sessionsTerminated: 3, writtenUpTo: '0/1' })
  })

  it.each(['reset', 'denied', 'throttle'] as const)('proves nothing, and stops nothing, on %s', async (fault) => {
    aws.current.breaks('lambda:InvokeFunction', fault, 5)
    expect(await close()).toEqual({ kind: 'unreachable' })
  })

  it('gives up at its deadline when the region says nothing', async () => {
    aws.current.breaks('lambda:InvokeFunction', 'hang')
    expect(await close(50)).toEqual({ kind: 'unreachable' })
  })

  it('takes a failed function or an answer in another form for no proof', async () => {
    functions().set('sa-east-1/fence', () => {
      throw new Error('failed')
    })
    expect(await close()).toEqual({ kind: 'unreachable' })
    functions().set('sa-east-1/fence', () => ({ kind: 'fenced' }))
    expect(await close()).toEqual({ kind: 'unreachable' })
  })
})

const observersSee = (here: () => unknown, there: () => unknown, receiver: () => unknown) => {
  functions().set('eu-west-1/probe', here).set('eu-central-1/probe', there).set('eu-west-1/observer', receiver)
}

describe('LambdaHealth', () => {
  const at = '2026-11-23T12:00:00.000Z'
  const saw = (verdict: string, since?: string) => () => ({ verdict, observedAt: at, ...(since ? { since } : {}) })
  const health = () =>
    new LambdaHealth(
      {
        recoveryProbe: { client: client('eu-west-1'), name: 'probe' },
        witnessProbe: { client: client('eu-central-1'), name: 'probe' },
        replicaObserver: (region) => ({ client: client(region), name: 'observer' }),
        probed: 'sa-east-1',
        deadlineMs: PATIENT_MS,
      },
      () => new Date(at),
    )
  const verdicts = async () =>
    (await health().signals(primary, replica)).map(({ kind, verdict }) => `${kind}: ${verdict}`)

  it('knows nothing by its probes of a writer elsewhere, and asks for the receiver where the replica stands', async () => {
    observersSee(saw('down'), saw('down'), saw('down'))
    functions().set('sa-east-1/observer', saw('up'))
    expect(await health().signals(replica, { ...primary, instance: 'db-g3' })).toEqual([
      { kind: 'health-checkers', verdict: 'unknown', observedAt: at },
      { kind: 'replication-receiver', verdict: 'up', observedAt: at },
    ])
  })

  it('calls the API down only when both places see it down, since the later of the two', async () => {
    observersSee(saw('down', '2026-11-23T11:59:10.000Z'), saw('down', '2026-11-23T11:59:20.000Z'), saw('down'))
    expect(await health().signals(primary, replica)).toEqual([
      { kind: 'health-checkers', verdict: 'down', observedAt: at, since: '2026-11-23T11:59:20.000Z' },
      { kind: 'replication-receiver', verdict: 'down', observedAt: at },
    ])
  })

  it('calls it up when one place sees it up', async () => {
    observersSee(saw('down'), saw('up'), saw('up'))
    expect(await verdicts()).toEqual(['health-checkers: up', 'replication-receiver: up'])
  })

  it('counts an observer that cannot be asked as one that saw nothing', async () => {
    observersSee(saw('down'), () => ({ verdict: 'dead' }), saw('down'))
    functions().delete('eu-west-1/observer')
    expect(await verdicts()).toEqual(['health-checkers: unknown', 'replication-receiver: unknown'])
  })

  it('hears how often each place was served, and nothing of a place that cannot be asked', async () => {
    const served = (answered: number) => () => ({ asked: 40, answered })
    observersSee(served(40), served(12), saw('up'))
    expect(await health().served()).toEqual([
      { asked: 40, answered: 40 },
      { asked: 40, answered: 12 },
    ])
    functions().delete('eu-west-1/probe')
    expect(await health().served()).toEqual([{ asked: 40, answered: 12 }])
  })

  it('makes no call to the primary region', async () => {
    observersSee(saw('up'), saw('up'), saw('up'))
    await verdicts()
    expect(new Set(aws.current.calls.map((call) => call.region))).toEqual(new Set(['eu-west-1', 'eu-central-1']))
  })
})

const table = (region: string) => new DynamoConditionalStore(new DynamoDBClient(clientSettings(region)), 'coordination')
const relayed = (place: 'recovery' | 'witness') =>
  new RelayedConditionalStore(client('sa-east-1'), 'reader', place, PATIENT_MS)

describe('RelayedConditionalStore', () => {
  beforeEach(() => {
    const stores = { recovery: table('eu-west-1'), witness: table('eu-central-1') }
    functions().set('sa-east-1/reader', (request) => answerRelay(stores, relayRequest.parse(request)))
  })

  it('reads what the table of the named place holds', async () => {
    await table('eu-central-1').create('writer-epoch', { epoch: 4 })
    expect(await relayed('witness').get('writer-epoch')).toMatchObject({ key: 'writer-epoch', value: { epoch: 4 } })
    expect(await relayed('recovery').get('writer-epoch')).toBeUndefined()
  })

  it('lists page by page, in key order', async () => {
    for (const n of [4, 2, 1, 3, 5]) await table('eu-west-1').create(`erasure-ledger/${n}`, n)
    const values: unknown[] = []
    for await (const { value } of relayed('recovery').list('erasure-ledger/')) values.push(value)
    expect(values).toEqual([1, 2, 3, 4, 5])
  })

  it('passes on how the store failed', async () => {
    aws.current.breaks('dynamodb:GetItem', 'denied')
    await expect(relayed('recovery').get('a')).rejects.toMatchObject({ failure: 'denied' })
    aws.current.breaks('dynamodb:GetItem', 'reset', 3)
    await expect(relayed('recovery').get('a')).rejects.toMatchObject({ failure: 'unreachable' })
  })

  it('says unreachable when the reader itself is away, and never writes', async () => {
    aws.current.breaks('lambda:InvokeFunction', 'reset')
    await expect(relayed('recovery').get('a')).rejects.toMatchObject({ failure: 'unreachable' })
    await expect(relayed('recovery').create('a', 1)).rejects.toMatchObject({ failure: 'denied' })
    await expect(relayed('recovery').replace('a', 1, '1')).rejects.toMatchObject({ failure: 'denied' })
  })
})

/** The journal as the function next to the database of the primary region has it. */
function journal(): RelayedJournal {
  functions().set('sa-east-1/journal', (request) => answerJournal(table('eu-west-1'), journalRequest.parse(request)))
  return new RelayedJournal(client('sa-east-1'), 'journal', PATIENT_MS)
}

describe('RelayedJournal', () => {
  it('says denied where it may not write, and invalid for an answer of another form', async () => {
    aws.current.breaks('dynamodb:PutItem', 'denied')
    const store = journal()
    await expect(store.create('runs/1', {})).rejects.toMatchObject({ failure: 'denied' })
    functions().set('sa-east-1/journal', () => ({ kind: 'written', outcome: 'stale' }))
    await expect(store.create('runs/1', {})).rejects.toMatchObject({ code: 'RELAY_ANSWER_FOREIGN' })
    await expect(store.get('runs/1')).rejects.toMatchObject({ code: 'RELAY_ANSWER_FOREIGN' })
    functions().set('sa-east-1/journal', () => ({ kind: 'written', outcome: 'created' }))
    await expect(store.replace('runs/1', {}, '1')).rejects.toMatchObject({ code: 'RELAY_ANSWER_FOREIGN' })
  })

  it('is a way into the recovery region alone', async () => {
    const elsewhere = await answerJournal(table('eu-west-1'), { verb: 'get', place: 'witness', key: 'a' })
    expect(elsewhere).toEqual({ kind: 'failed', failure: 'denied', code: 'RELAY_OF_ONE_PLACE' })
  })
})

describeConditionalStore('DynamoDB behind the journal relay', journal)

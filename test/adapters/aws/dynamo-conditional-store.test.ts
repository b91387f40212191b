import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { DynamoConditionalStore } from '../../../adapters/aws/dynamo-conditional-store'
import type { Stored } from '../../../core/ports/conditional-store'
import { describeConditionalStore } from '../../contracts/conditional-store'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const makeStore = (region = 'eu-west-1') =>
  new DynamoConditionalStore(new DynamoDBClient(clientSettings(region)), 'coordination')

const all = async (items: AsyncIterable<Stored>): Promise<string[]> => {
  const keys: string[] = []
  for await (const { key } of items) keys.push(key)
  return keys
}

describeConditionalStore('DynamoDB', () => makeStore())

describe('DynamoConditionalStore', () => {
  it('asks for consistent reads, in single reads and in listings', async () => {
    const store = makeStore()
    await store.get('writer-epoch')
    await all(store.list('runs/'))
    for (const { body } of aws.current.calls) expect(JSON.parse(body)).toMatchObject({ ConsistentRead: true })
    expect(aws.current.calls).toHaveLength(2)
  })

  it('lists a prefix in key order over several pages', async () => {
    const store = makeStore()
    for (const n of [5, 3, 1, 4, 2, 7, 6]) await store.create(`runs/${n}`, n)
    await store.create('running/1', 0)
    expect(await all(store.list('runs/'))).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `runs/${n}`))
    expect(aws.current.callsOf('dynamodb:Query')).toHaveLength(3)
  })

  it('keeps the first path segment as the partition, so that a role can be held to it', async () => {
    await makeStore().create('erasure-ledger/000000000001', {})
    expect(JSON.parse(aws.current.calls[0]!.body)).toMatchObject({ Item: { scope: { S: 'erasure-ledger' } } })
  })

  it('recognises its own write when the answer to it was lost and the write was repeated', async () => {
    const store = makeStore()
    aws.current.breaks('dynamodb:PutItem', 'lost-answer')
    expect(await store.create('writer-epoch', { epoch: 1 })).toBe('created')
    const { version } = (await store.get('writer-epoch'))!
    aws.current.breaks('dynamodb:PutItem', 'lost-answer')
    expect(await store.replace('writer-epoch', { epoch: 2 }, version)).toBe('replaced')
    expect(aws.current.callsOf('dynamodb:PutItem')).toHaveLength(4)
  })

  it('gets over one throttling, and says throttled or denied when they last', async () => {
    const store = makeStore()
    aws.current.breaks('dynamodb:GetItem', 'throttle')
    expect(await store.get('a')).toBeUndefined()
    aws.current.breaks('dynamodb:GetItem', 'throttle', 3)
    await expect(store.get('a')).rejects.toMatchObject({ failure: 'throttled' })
    aws.current.breaks('dynamodb:GetItem', 'denied')
    await expect(store.get('a')).rejects.toMatchObject({ failure: 'denied' })
  })

  it('says unreachable for a region whose connections break', async () => {
    aws.current.breaks('dynamodb:GetItem', 'reset', 3)
    await expect(makeStore().get('a')).rejects.toMatchObject({ name: 'PortError', failure: 'unreachable' })
  })

  it('keeps the regions apart', async () => {
    await makeStore('eu-west-1').create('a', 1)
    expect(await makeStore('eu-central-1').get('a')).toBeUndefined()
  })
})

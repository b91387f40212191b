import { randomUUID } from 'node:crypto'
import {
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb'
import type { Json } from '../../core/json'
import type { ConditionalStore, Stored } from '../../core/ports/conditional-store'
import { PortError } from '../../core/ports/errors'
import { COORDINATION_TABLE_KEYS } from './agreed-names'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'

const { partition, sort } = COORDINATION_TABLE_KEYS

/**
 * One coordination table. A key's first path segment is its partition, so that IAM can tell the writer epoch from a run.
 * The version is a nonce of the call that wrote it: a write repeated after its answer was lost recognises itself.
 */
export class DynamoConditionalStore implements ConditionalStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
    private readonly nonce: () => string = randomUUID,
  ) {}

  async get(key: string): Promise<Stored | undefined> {
    const command = new GetItemCommand({ TableName: this.table, Key: primaryKey(key), ConsistentRead: true })
    const { Item } = await asking(`reading '${key}'`, () => this.client.send(command, within(CALL_MS)))
    return Item && stored(Item)
  }

  async create(key: string, value: Json): Promise<'created' | 'exists'> {
    const won = await this.put(key, value, {
      ConditionExpression: 'attribute_not_exists(#sort)',
      ExpressionAttributeNames: { '#sort': sort },
    })
    return won ? 'created' : 'exists'
  }

  async replace(key: string, value: Json, version: string): Promise<'replaced' | 'stale'> {
    const won = await this.put(key, value, {
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':version': { S: version } },
    })
    return won ? 'replaced' : 'stale'
  }

  async *list(prefix: string): AsyncIterable<Stored> {
    let after: string | undefined
    do {
      const page = await this.page(prefix, after)
      yield* page.items
      after = page.next
    } while (after !== undefined)
  }

  /** One page of a listing, at most 1 MB; `next` is where the following page starts. */
  async page(prefix: string, after?: string): Promise<{ readonly items: readonly Stored[]; readonly next?: string }> {
    const scope = scopeOf(prefix)
    const command = new QueryCommand({
      TableName: this.table,
      ConsistentRead: true,
      KeyConditionExpression: '#scope = :scope and begins_with(#key, :prefix)',
      ExpressionAttributeNames: { '#scope': partition, '#key': sort },
      ExpressionAttributeValues: { ':scope': { S: scope }, ':prefix': { S: prefix } },
      ...(after === undefined ? {} : { ExclusiveStartKey: primaryKey(after) }),
    })
    const { Items, LastEvaluatedKey } = await asking(`listing '${prefix}'`, () =>
      this.client.send(command, within(CALL_MS)),
    )
    const next = LastEvaluatedKey?.[sort]?.S
    return { items: (Items ?? []).map(stored), ...(next === undefined ? {} : { next }) }
  }

  private async put(
    key: string,
    value: Json,
    condition: Pick<
      PutItemCommand['input'],
      'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
    >,
  ): Promise<boolean> {
    const version = this.nonce()
    const command = new PutItemCommand({
      TableName: this.table,
      Item: { ...primaryKey(key), value: { S: JSON.stringify(value) }, version: { S: version } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ...condition,
    })
    return asking(`writing '${key}'`, async () => {
      try {
        await this.client.send(command, within(CALL_MS))
        return true
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error
        return (error as { Item?: Record<string, AttributeValue> }).Item?.['version']?.S === version
      }
    })
  }
}

const scopeOf = (key: string): string => key.split('/', 1)[0]!

const primaryKey = (key: string): Record<string, AttributeValue> => ({
  [partition]: { S: scopeOf(key) },
  [sort]: { S: key },
})

function stored(item: Record<string, AttributeValue>): Stored {
  const [key, value, version] = [item[sort]?.S, item['value']?.S, item['version']?.S]
  if (key === undefined || value === undefined || version === undefined) {
    throw new PortError('invalid', 'ITEM_FOREIGN', `the item '${key}' was not written by this store; remove it`)
  }
  return { key, value: JSON.parse(value) as Json, version }
}

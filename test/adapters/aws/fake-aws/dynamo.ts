import { json, type Call, type Service } from './wire'

type Item = Record<string, { S: string }>
interface Request {
  TableName: string
  Key: Item
  Item: Item
  ConditionExpression?: string
  /** What was there comes back only where it was asked for. */
  ReturnValuesOnConditionCheckFailure?: string
  ExpressionAttributeNames?: Record<string, string>
  ExpressionAttributeValues?: Record<string, { S: string }>
  ExclusiveStartKey?: Item
}

/** Tables with a partition key `scope` and a sort key `key`, one set per region; pages of `pageSize` items. */
export class FakeDynamo implements Service {
  readonly tables = new Map<string, Map<string, Item>>()
  pageSize = 3

  action = ({ headers }: Omit<Call, 'action'>) => `dynamodb:${headers['x-amz-target']?.split('.')[1] ?? ''}`

  error = (code: string, status = 400) =>
    json({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: code }, status)

  answer(call: Call) {
    const request = JSON.parse(call.body) as Request
    const items = this.table(call.region, request.TableName)
    switch (call.action) {
      case 'dynamodb:GetItem':
        return json({ Item: items.get(request.Key['key']!.S) })
      case 'dynamodb:PutItem': {
        const held = items.get(request.Item['key']!.S)
        if (!holds(request, held)) {
          const Item = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? held : undefined
          return json({ __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', Item }, 400)
        }
        items.set(request.Item['key']!.S, request.Item)
        return json({})
      }
      case 'dynamodb:Query': {
        const { ':scope': scope, ':prefix': prefix } = request.ExpressionAttributeValues!
        const after = request.ExclusiveStartKey?.['key']?.S ?? ''
        const found = [...items.values()]
          .filter(
            (item) => item['scope']!.S === scope!.S && item['key']!.S.startsWith(prefix!.S) && item['key']!.S > after,
          )
          .toSorted((a, b) => (a['key']!.S < b['key']!.S ? -1 : 1))
        const page = found.slice(0, this.pageSize)
        const last = page.at(-1)
        return json({
          Items: page,
          ...(found.length > page.length && last
            ? { LastEvaluatedKey: { scope: last['scope'], key: last['key'] } }
            : {}),
        })
      }
      default:
        return this.error('UnknownOperationException')
    }
  }

  private table(region: string, name: string): Map<string, Item> {
    const key = `${region}/${name}`
    const table = this.tables.get(key) ?? new Map<string, Item>()
    this.tables.set(key, table)
    return table
  }
}

function holds(
  { ConditionExpression: condition, ExpressionAttributeValues: values }: Request,
  held: Item | undefined,
): boolean {
  if (condition?.startsWith('attribute_not_exists')) return held === undefined
  if (condition === '#version = :version') return held?.['version']?.S === values?.[':version']?.S
  return condition === undefined
}

import type { LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import type { Json } from '../../core/json'
import type { ContentReader } from '../../core/ports/content-reader'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import { callFunction } from './lambda-call'
import { failureTold } from './told-failure'
import { contentAnswer, type ContentAnswer, type ContentRequest } from './wire'

export interface ContentFunction {
  readonly name: string
  /** Of the region in which the database stands. */
  readonly client: LambdaClient
  readonly deadlineMs: number
}

type ContentRead = Exclude<ContentAnswer, { readonly kind: 'failed' }>
/** What a request is asked with besides the database that it is about. */
type Asked<Read> = Omit<ContentRequest & { read: Read }, 'instance' | 'read'>

/** Reads a database by the function that stands beside it. */
export function lambdaContentReader({ name, client, deadlineMs }: ContentFunction, ref: InstanceRef): ContentReader {
  const ask = async <Read extends ContentRequest['read']>(read: Read, asked: Asked<Read>) => {
    const payload = { read, instance: { ...ref }, ...asked } as unknown as Json
    const parsed = z.safeParse(contentAnswer, await callFunction(client, name, payload, deadlineMs))
    const answer = parsed.data
    if (answer && 'kind' in answer) throw failureTold(answer, `'${ref.instance}' was not read for a comparison`)
    if (answer?.read !== read) throw new PortError('invalid', 'CONTENT_FOREIGN', `'${name}' answered in another form`)
    return answer as Extract<ContentRead, { readonly read: Read }>
  }
  return {
    sizes: async () => (await ask('sizes', {})).tables,
    ranges: async (part, count, after) => (await ask('ranges', { part, count, ...(after && { after }) })).found,
    rows: (table, blocks, after) => ask('rows', { table, blocks, ...(after && { after }) }),
    catalog: (after) => ask('catalog', { ...(after && { after }) }),
  }
}

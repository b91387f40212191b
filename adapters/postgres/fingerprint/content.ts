import type { Client } from 'pg'
import type { Content } from '../../../core/integrity/fingerprint'
import type { Piece } from '../../../core/integrity/plan'
import { ALIAS, contentOf, hashedRows, type TableRecord } from './record'
import type { Relation } from './relations'

/** The content of a table, or of a range of its blocks, as one statement. Inherited rows are those of another table. */
export function hashStatement(relation: Relation, record: TableRecord, blocks?: Piece['blocks']): string {
  const conditions = [
    ...(blocks && blocks.from > 0 ? [`${ALIAS}.ctid >= '(${blocks.from},0)'`] : []),
    ...(blocks?.to === undefined ? [] : [`${ALIAS}.ctid < '(${blocks.to},0)'`]),
  ]
  const where = conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''
  return `select ${contentOf(record)} from ${hashedRows(record, `only ${relation.name} ${ALIAS}${where}`)}`
}

/** Runs a statement that gives the content of something. */
export async function contentBy(client: Client, statement: string, values?: unknown[]): Promise<Content> {
  const { rows } = await client.query<Content>(statement, values)
  const { rows: count, hash } = rows[0]!
  return { rows: count, hash }
}

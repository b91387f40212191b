import type { Client } from 'pg'
import { connect } from '../../../../adapters/postgres/connect'
import { fingerprintDatabase, type FingerprintOptions } from '../../../../adapters/postgres/fingerprint/database'
import type { DatabaseFingerprint } from '../../../../core/integrity/fingerprint'
import type { TestDatabase } from '../database'

export const OPTIONS: FingerprintOptions = {
  lockWaitMs: 20_000,
  pace: { megabytesPerSecond: 100, pieceSecondsAtMost: 300 },
}

/** A database of its own in the same cluster, and sessions with it. */
export interface Scratch {
  readonly name: string
  readonly client: Client
  open(): Promise<Client>
}

export async function scratchDatabase(
  database: TestDatabase,
  owner: Client,
  name: string,
  template = 'template1',
): Promise<Scratch> {
  await owner.query(`create database ${name} template ${template}`)
  const open = () => connect({ ...database.endpoint, database: name }, database.login('postgres'), 20_000)
  return { name, client: await open(), open }
}

/** Runs work with so many sessions that end afterwards. */
export async function withSessions<T>(
  { open }: Pick<Scratch, 'open'>,
  count: number,
  work: (sessions: Client[]) => Promise<T>,
): Promise<T> {
  const sessions = await Promise.all(Array.from({ length: count }, open))
  try {
    return await work(sessions)
  } finally {
    await Promise.all(sessions.map((session) => session.end()))
  }
}

export const fingerprintOf = (scratch: Pick<Scratch, 'open'>, options: Partial<FingerprintOptions> = {}, count = 3) =>
  withSessions(scratch, count, (sessions) => fingerprintDatabase(sessions, { ...OPTIONS, ...options }))

/** The content of one table as a fingerprint tells it. */
export const tableIn = ({ tables }: DatabaseFingerprint, table: string) => tables.find((known) => known.table === table)

import type { Client } from 'pg'
import { INVOICE_BASE } from '../../adapters/local/invoice-numbers'
import type { WorkloadEvent } from '../../core/measurement'

/** Invoices that people were told are written, by the log that they keep themselves. */
export interface Written {
  readonly all: ReadonlySet<number>
  /** Those that a version wrote. */
  by(release: string): readonly number[]
}

export async function writtenIn(events: AsyncIterable<WorkloadEvent>): Promise<Written> {
  const all = new Set<number>()
  const releases = new Map<string, number[]>()
  for await (const { kind, sequence, release = 'unnamed' } of events) {
    if (kind !== 'acknowledged') continue
    all.add(sequence)
    releases.set(release, [...(releases.get(release) ?? []), sequence])
  }
  return { all, by: (release) => releases.get(release) ?? [] }
}

/** How many of them the database does not hold, each by its own number. */
export async function absentOf(client: Client, numbers: Iterable<number>): Promise<number> {
  const held = await numbersIn(client, 'select amount_cents from clinic.invoices where amount_cents > $1')
  return countOf(numbers, (number) => !held.has(number))
}

/** How many of them have lost what only the newer schema had a place for: it stands neither in its column nor beside it. */
export async function withoutChannel(
  client: Client,
  numbers: Iterable<number>,
  where: 'in-place' | 'set-aside',
): Promise<number> {
  const held = await numbersIn(
    client,
    where === 'in-place'
      ? 'select amount_cents from clinic.invoices where amount_cents > $1 and channel is not null'
      : 'select i.amount_cents from clinic.invoices i join neonpro_migrations.kept_invoice_channel k on k.invoice_id = i.id where i.amount_cents > $1',
  )
  return countOf(numbers, (number) => !held.has(number))
}

async function numbersIn(client: Client, text: string): Promise<ReadonlySet<number>> {
  const { rows } = await client.query<{ amount_cents: string }>(text, [INVOICE_BASE])
  return new Set(rows.map((row) => Number(row.amount_cents) - INVOICE_BASE))
}

function countOf(numbers: Iterable<number>, is: (number: number) => boolean): number {
  let count = 0
  for (const number of numbers) if (is(number)) count += 1
  return count
}

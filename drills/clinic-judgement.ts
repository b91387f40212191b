import type { Client } from 'pg'
import { INVOICE_BASE } from '../adapters/local/invoice-numbers'
import type { OpenClinic } from '../adapters/local/clinic'
import { lossSeconds, measureWorkload, type ClinicMeasured, type NumberedChange } from '../core/measurement'
import { readChanges, readEvents } from './logs'
import type { Strike } from './strike'

/** What became of the clinic beside the database, and of its critical tables. Undefined: not measured. */
export interface ObservedClinic extends ClinicMeasured {
  readonly criticalRpoSeconds: number | undefined
}

/** What the recovery region served and held while the primary region was dark. */
export type SeenInTheDark = Awaited<ReturnType<OpenClinic['served']>> & {
  readonly sealed: Awaited<ReturnType<OpenClinic['sealed']>>
}

/**
 * Reads what the clinic left: an outage as a user of its API saw it, the invoices they lost, and the settings and assets that
 * were acknowledged before the fault and that the recovery region did not serve. `writer` is asked for the invoices.
 */
export async function observeClinic(
  clinic: OpenClinic,
  { sealed, ...served }: SeenInTheDark,
  struck: Strike,
  recoveredEndpoint: string,
  writer: (<T>(work: (client: Client) => Promise<T>) => Promise<T>) | undefined,
): Promise<ObservedClinic> {
  const api = await measureWorkload(readEvents(clinic.apiLog), {
    faultNs: struck.ns,
    recoveredEndpoint,
    bucketSeconds: 0.25,
  })
  const struckMs = Date.parse(struck.at)
  const rpoOf = async (store: keyof typeof served) => {
    const newest = served[store]
    const acknowledged: NumberedChange[] = []
    for await (const change of readChanges(clinic.acknowledgedLog))
      if (change.store === store && change.atMs <= struckMs) acknowledged.push(change)
    // Changes are copied in order, so the newest stands for all before it.
    return newest === undefined ? undefined : lossSeconds(acknowledged, (number) => number <= newest)
  }
  return {
    apiOutageSeconds: api.outage?.seconds,
    configurationRpoSeconds: await rpoOf('configuration'),
    assetsRpoSeconds: await rpoOf('assets'),
    ...(sealed.versions > 0 && { settingsNotOpened: sealed.notItsOwn }),
    criticalRpoSeconds: await writer?.((client) => invoiceLoss(client, clinic.apiLog)),
  }
}

async function invoiceLoss(client: Client, apiLog: string): Promise<number | undefined> {
  const { rows } = await client.query<{ number: string }>(
    'select amount_cents - $1 as number from clinic.invoices where amount_cents > $1',
    [INVOICE_BASE],
  )
  const held = new Set(rows.map(({ number }) => Number(number)))
  const acknowledged: NumberedChange[] = []
  for await (const { kind, sequence, wallMs } of readEvents(apiLog))
    if (kind === 'acknowledged') acknowledged.push({ number: sequence, atMs: wallMs })
  return lossSeconds(acknowledged, (number) => held.has(number))
}

import { PortError } from '../ports/errors'
import type { WriteOnceStore } from '../ports/write-once-store'
import { RECORDS } from './layout'
import { evidenceRecordSchema, readStored, type EvidenceRecord } from './record'

/**
 * Every record of every chain in a store, in the order of their keys. Throws PortError('conflict') for one that cannot be
 * read, since whoever judges by evidence must not judge without it.
 */
export async function* recordsIn(store: WriteOnceStore): AsyncGenerator<EvidenceRecord> {
  for await (const key of store.keys(RECORDS)) {
    const record = readStored(evidenceRecordSchema, (await store.get(key)) ?? '')
    if (!record)
      throw new PortError('conflict', 'EVIDENCE_RECORD_UNREADABLE', `'${key}' cannot be read; verify the evidence`)
    yield record
  }
}

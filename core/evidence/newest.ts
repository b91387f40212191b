import { PortError } from '../ports/errors'
import type { WriteOnceStore } from '../ports/write-once-store'
import { findHead } from './chain'
import { recordKey, type ChainRef } from './layout'
import { evidenceRecordSchema, readStored, type EvidenceRecord } from './record'

/** Records read at once: they have keys that are known, so that nothing waits for the one before. */
const AT_ONCE = 32

/**
 * Records of one chain, the newest first; of a long chain only as many are read as are asked for. Throws
 * PortError('conflict') for one that cannot be read.
 */
export async function* newestOf(store: Pick<WriteOnceStore, 'get'>, chain: ChainRef): AsyncGenerator<EvidenceRecord> {
  const read = async (sequence: number): Promise<EvidenceRecord | undefined> => {
    const key = recordKey(chain, sequence)
    const text = await store.get(key)
    if (text === undefined) return undefined
    const record = readStored(evidenceRecordSchema, text)
    if (!record)
      throw new PortError('conflict', 'EVIDENCE_RECORD_UNREADABLE', `'${key}' cannot be read; verify the evidence`)
    return record
  }
  const head = await findHead(read)
  if (!head) return
  // Most ask for one alone.
  for (let last = head.sequence, size = 1; last >= 0; last -= size, size = AT_ONCE) {
    const places = Array.from({ length: Math.min(size, last + 1) }, (_, at) => last - at)
    for (const record of await Promise.all(places.map(read))) if (record) yield record
  }
}

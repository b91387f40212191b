import type { Json } from '../json'

/** What an activity says about itself; the log adds position, writer, policy hash and the chain. */
export interface EvidenceDraft {
  /** Idempotency key: the same key never makes a second record. */
  readonly key: string
  readonly kind: string
  readonly subject: string
  readonly startedAt: string
  readonly finishedAt: string
  readonly outcome: 'succeeded' | 'failed' | 'stopped' | 'inconclusive'
  readonly measurements: { readonly [name: string]: Json }
  readonly artefacts: readonly { readonly name: string; readonly sha256: string }[]
  readonly controls: readonly string[]
  readonly actor: string
}

export interface EvidenceLog {
  append(draft: EvidenceDraft): Promise<{ readonly id: string; readonly sequence: number; readonly hash: string }>
}

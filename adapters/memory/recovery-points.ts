import { PortError } from '../../core/ports/errors'
import type {
  DataHolder,
  RecoveryPoint,
  RecoveryPointPage,
  RecoveryPoints,
  Vault,
  VaultKind,
} from '../../core/ports/recovery-points'

/** The backups of one region in memory. */
export class MemoryRecoveryPoints implements RecoveryPoints {
  readonly vaults = new Map<VaultKind, Vault>()
  readonly kept = new Map<VaultKind, RecoveryPoint[]>()
  readonly databases: DataHolder[] = []

  constructor(
    readonly region: string,
    private readonly pageSize = 1000,
  ) {}

  async vault(kind: VaultKind): Promise<Vault | undefined> {
    return this.vaults.get(kind)
  }

  async page(kind: VaultKind, from?: string): Promise<RecoveryPointPage> {
    if (!this.vaults.has(kind)) throw new PortError('conflict', 'VAULT_MISSING', `there is no vault '${kind}'`)
    const all = this.kept.get(kind) ?? []
    const at = from === undefined ? 0 : Number(from)
    if (!Number.isInteger(at) || at < 0 || at > all.length)
      throw new PortError('invalid', 'PLACE_UNKNOWN', `nothing is known of the place '${from}'; begin anew`)
    const points = all.slice(at, at + this.pageSize)
    const end = at + points.length
    return { points, ...(end < all.length && { next: String(end) }) }
  }

  async *holders(): AsyncIterable<DataHolder> {
    yield* this.databases
  }
}

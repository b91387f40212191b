/** One chain: what one writer in one region has recorded. */
export interface ChainRef {
  readonly region: string
  readonly writer: string
}

export const RECORDS = 'records/'
export const CHECKPOINTS = 'checkpoints/'

export const chainName = ({ region, writer }: ChainRef): string => `${region}/${writer}`
export const recordsOf = (chain: ChainRef): string => `${RECORDS}${chainName(chain)}/`
export const checkpointsOf = (chain: ChainRef): string => `${CHECKPOINTS}${chainName(chain)}/`
export const recordKey = (chain: ChainRef, sequence: number): string => recordsOf(chain) + padded(sequence)
export const checkpointKey = (chain: ChainRef, sequence: number): string => checkpointsOf(chain) + padded(sequence)
/** Where a draft's key is reserved. Not part of what is verified: losing it can only cost a scan. */
export const reservationKey = (chain: ChainRef, id: string): string => `reservations/${chainName(chain)}/${id}`

/** The chain a key belongs to, or undefined where the key is of no chain. */
export function chainOfKey(key: string): ChainRef | undefined {
  const [, region, writer, sequence] = /^(?:records|checkpoints)\/([^/]+)\/([^/]+)\/(\d{12})$/.exec(key) ?? []
  return region && writer && sequence ? { region, writer } : undefined
}

/** Twelve digits keep key order equal to number order for 10^12 records. */
const padded = (sequence: number): string => String(sequence).padStart(12, '0')

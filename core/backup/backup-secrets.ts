import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** What one data key is used for in a backup: each use has a key of its own, so that none tells of another. */
export interface BackupSecrets {
  /** Seals the stream of one part: a number of a chunk is used once under a key. */
  readonly stream: (part: string) => Uint8Array
  /** Vouches for the manifest. */
  readonly voucher: Uint8Array
  /**
   * Stands in the manifest. AES-GCM opens under more than one key for who makes it so; with this a key is the right one before
   * anything is opened (https://eprint.iacr.org/2020/1456, section 5).
   */
  readonly commitment: string
}

/** Derived by HKDF-SHA256 (RFC 5869) for one backup alone. */
export function secretsOf(dataKey: Uint8Array, backupId: string): BackupSecrets {
  const derived = (use: string) =>
    Buffer.from(hkdfSync('sha256', dataKey, backupId, `neonpro-recovery backup 1 ${use}`, 32))
  return {
    stream: (part) => derived(`stream ${part}`),
    voucher: derived('voucher'),
    commitment: derived('commitment').toString('hex'),
  }
}

export const vouchFor = ({ voucher }: BackupSecrets, text: string): string =>
  createHmac('sha256', voucher).update(text).digest('hex')

export const isVouchedFor = (secrets: BackupSecrets, text: string, voucher: string): boolean =>
  isSame(vouchFor(secrets, text), voucher)

/** Without telling by the time it takes how far two texts agree. */
export function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)]
  return first.length === second.length && timingSafeEqual(first, second)
}

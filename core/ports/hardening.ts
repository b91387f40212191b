import type { InstanceRef } from './database'

/** Measures against what an attacker would try next, by the name the policy gives them. */
export const HARDENING_MEASURES = [
  'public-creates-nothing',
  'superusers-cannot-log-in',
  'passwords-are-scram',
  'host-access-by-tls-only',
] as const
export type HardeningMeasure = (typeof HARDENING_MEASURES)[number]

/** Something a scan found that does not belong there: its code, and the name of the object in the catalog. */
export interface ScanFinding {
  readonly code:
    | 'MEASURE_MISSING'
    | 'UNKNOWN_LOGIN'
    | 'UNEXPECTED_SUPERUSER'
    | 'UNKNOWN_TRIGGER'
    | 'UNKNOWN_FUNCTION'
    | 'UNKNOWN_EVENT_TRIGGER'
  readonly object: string
}

/** Closes ways in, and looks for what an attacker may have left. It takes rights away and grants none. */
export interface Hardening {
  /** Applies the measures; those that hold already stay as they are. Gives the ones that hold afterwards. */
  apply(ref: InstanceRef, measures: readonly HardeningMeasure[]): Promise<readonly HardeningMeasure[]>
  /** Reads the catalog and changes nothing. Empty where nothing is wrong. */
  scan(ref: InstanceRef, measures: readonly HardeningMeasure[]): Promise<readonly ScanFinding[]>
}

import type { Ports } from '../../core/ports'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import type { Preservation } from '../../core/ports/forensics'
import type { HardeningMeasure, ScanFinding } from '../../core/ports/hardening'
import type { VirtualClock } from './clock'
import type { DatabaseNode } from './database-node'
import type { Recorder } from './faults'

/** What meets the answer to an attack; to be set by a test. */
export interface Intrusion {
  /** Until a forensic copy lies where it is kept. */
  preserveSeconds: number
  /** Roles that an old secret goes on letting in. */
  survivingCredentials: readonly string[]
  /** What an attacker has left in the clean copy. */
  leftBehind: readonly ScanFinding[]
  /** Measures that cannot be applied. */
  unapplied: readonly HardeningMeasure[]
  /** Whether a path stays open however often it is cut. */
  pathStaysOpen: boolean
}

export const QUIET: Intrusion = {
  preserveSeconds: 0,
  survivingCredentials: [],
  leftBehind: [],
  unapplied: [],
  pathStaysOpen: false,
}

interface Around {
  readonly clock: VirtualClock
  readonly effects: string[]
  readonly intrusion: Intrusion
}

const ROLES = ['clinic_app', 'clinic_jobs']

/** The ports that cut an attacker off, on the databases of a memory world. */
export function incidentResponsePorts(
  watch: Recorder['watch'],
  at: (ref: InstanceRef) => DatabaseNode,
  { clock, effects, intrusion }: Around,
): Pick<Ports, 'containment' | 'forensics' | 'credentials' | 'hardening'> {
  const begun = new Map<string, number>()
  const once = (effect: string): boolean => {
    if (effects.includes(effect)) return false
    effects.push(effect)
    return true
  }
  return {
    containment: watch('containment', {
      isolate: async (ref: InstanceRef, { key }: { key: string }) => {
        const node = at(ref)
        if (intrusion.pathStaysOpen)
          throw new PortError('conflict', 'PATH_OPEN', `a path to '${ref.instance}' is open still`)
        node.isolated = true
        return { connectionsEnded: once(`isolate ${key}`) ? 1 : 0 }
      },
      revoke: async (ref: InstanceRef, { key }: { key: string }) => {
        const node = at(ref)
        node.secrets = 'revoked'
        return { roles: ROLES, sessionsEnded: once(`revoke ${key}`) ? 1 : 0 }
      },
    }),
    forensics: watch('forensics', {
      preserve: async (ref: InstanceRef, { key }: { key: string }): Promise<Preservation> => {
        at(ref)
        const since = begun.get(key) ?? clock.monotonicMs()
        begun.set(key, since)
        if (clock.monotonicMs() - since < intrusion.preserveSeconds * 1000) return { kind: 'under-way' }
        once(`preserve ${key}`)
        return { kind: 'preserved', name: `forensics/${key}`, manifestSha256: 'b'.repeat(64), files: 2, bytes: 1024 }
      },
    }),
    credentials: watch('credentials', {
      rotate: async (ref: InstanceRef, { key }: { key: string }) => {
        const node = at(ref)
        if (once(`rotate ${key}`)) node.secrets = 'rotated'
        node.stillAccepted = intrusion.survivingCredentials
        return { rotated: ROLES, stillAccepted: intrusion.survivingCredentials }
      },
    }),
    hardening: watch('hardening', {
      apply: async (ref: InstanceRef, measures: readonly HardeningMeasure[]) => {
        const { hardened } = at(ref)
        for (const measure of measures) if (!intrusion.unapplied.includes(measure)) hardened.add(measure)
        return measures.filter((measure) => hardened.has(measure))
      },
      scan: async (ref: InstanceRef, measures: readonly HardeningMeasure[]): Promise<readonly ScanFinding[]> => {
        const { hardened } = at(ref)
        const missing = measures.filter((measure) => !hardened.has(measure))
        return [...missing.map((object) => ({ code: 'MEASURE_MISSING' as const, object })), ...intrusion.leftBehind]
      },
    }),
  }
}

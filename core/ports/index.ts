import type { ApplicationTier } from './application-tier'
import type { Clock } from './clock'
import type { Compliance, Remedies } from './compliance'
import type { ConditionalStore } from './conditional-store'
import type { Containment } from './containment'
import type { Controls } from './controls'
import type { CopyRemoval } from './copy-removal'
import type { Credentials } from './credentials'
import type { DatabaseSession, Fence, Inventory, Promotion } from './database'
import type { Deployments } from './deployments'
import type { EvidenceLog } from './evidence-log'
import type { Forensics } from './forensics'
import type { Hardening } from './hardening'
import type { Health } from './health'
import type { LaterWrites } from './later-writes'
import type { Reporter } from './reporter'
import type { Restore } from './restore'
import type { SecretCopies } from './secret-copies'
import type { TrafficSwitch } from './traffic-switch'
import type { ZoneStandby } from './zone-standby'

/** Everything a runbook can see or touch. Each port is one privilege. */
export interface Ports {
  readonly clock: Clock
  readonly inventory: Inventory
  readonly fence: Fence
  readonly promotion: Promotion
  readonly zoneStandby: ZoneStandby
  readonly restore: Restore
  readonly copyRemoval: CopyRemoval
  readonly laterWrites: LaterWrites
  readonly containment: Containment
  readonly forensics: Forensics
  readonly credentials: Credentials
  readonly hardening: Hardening
  readonly database: DatabaseSession
  readonly health: Health
  readonly trafficSwitch: TrafficSwitch
  readonly application: ApplicationTier
  readonly deployments: Deployments
  readonly secretCopies: SecretCopies
  readonly compliance: Compliance
  readonly remedies: Remedies
  readonly controls: Controls
  readonly coordination: { readonly recovery: ConditionalStore; readonly witness: ConditionalStore }
  readonly evidence: EvidenceLog
  readonly reporter: Reporter
}

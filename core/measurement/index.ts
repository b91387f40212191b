export { breakDown, phaseSeconds, REGION_FAILOVER_PHASES, ZONE_FAILOVER_PHASES, type PhaseSpan } from './breakdown'
export { disagreements } from './disagreements'
export {
  drillResultSchema,
  NOT_MEASURED,
  NOTHING_MEASURED,
  type Artefact,
  type DrillResult,
  type Objective,
} from './drill-result'
export { disturbance, type Disturbance } from './disturbance'
export { projectRollback } from './project-rollback'
export { fullDrMeasurements, fullDrObjectives, fullDrVerdict } from './full-dr'
export { clinicObjectives, failoverObjectives, type ClinicMeasured } from './failover-objectives'
export { median } from './median'
export { atMost, exactly, objectiveCode, objectivesInRecord, verdictOf } from './objectives'
export { acceptedByOldPrimary } from './old-primary'
export { projectPointInTimeRecovery, projectRegionFailover, projectZoneFailover, type Projection } from './projection'
export { lossSeconds, type NumberedChange } from './recovery-point'
export { quietObjectives } from './quiet-objectives'
export { measureWorkload, type WorkloadMeasurement } from './workload'
export type { WorkloadEvent } from './workload-event'

import { TIERS } from '../feasibility/cell'
import { recoveryPointTarget, recoveryTimeTarget } from '../feasibility/targets'
import { rule, when, type Rules } from './rule'

const patientDataIsStrictest = rule(
  'patient data never has a weaker objective than critical data',
  ['objectives.rpo.patientMinutes', 'objectives.rpo.criticalMinutes'],
  ({ objectives: { rpo } }) =>
    when(
      rpo.patientMinutes > rpo.criticalMinutes,
      'objectives.rpo.patientMinutes',
      `is ${rpo.patientMinutes}, above critical data's ${rpo.criticalMinutes}`,
      'lower it',
    ),
)

const criticalServicesComeFirst = rule(
  'critical services are back before the full system',
  ['objectives.rto.criticalServicesMinutes', 'objectives.rto.fullSystemMinutes'],
  ({ objectives: { rto } }) =>
    when(
      rto.criticalServicesMinutes >= rto.fullSystemMinutes,
      'objectives.rto.criticalServicesMinutes',
      `is ${rto.criticalServicesMinutes}, the full system's is ${rto.fullSystemMinutes}`,
      'lower it',
    ),
)

const availabilityAlarmsBelowTarget = rule(
  'the availability alarm means more than a missed target',
  ['kpis.availability.alertBelowPercent', 'kpis.availability.targetPercent'],
  ({ kpis: { availability: a } }) =>
    when(
      a.alertBelowPercent >= a.targetPercent,
      'kpis.availability.alertBelowPercent',
      `is ${a.alertBelowPercent}, the target is ${a.targetPercent}`,
      'set it below the target',
    ),
)

const recoveryAlarmAfterTarget = rule(
  'the recovery-time alarm rings after the target',
  ['kpis.recoveryTime.alertAboveMinutes', 'kpis.recoveryTime.targetMinutes'],
  ({ kpis: { recoveryTime: k } }) =>
    when(
      k.alertAboveMinutes <= k.targetMinutes,
      'kpis.recoveryTime.alertAboveMinutes',
      `is ${k.alertAboveMinutes}, the target is ${k.targetMinutes}`,
      'raise it',
    ),
)

const recoveryTargetIsTheObjective = rule(
  'recovery time is measured against the objective',
  ['kpis.recoveryTime.targetMinutes', 'objectives.rto.criticalServicesMinutes'],
  ({ kpis: { recoveryTime: k }, objectives: { rto } }) =>
    when(
      k.targetMinutes !== rto.criticalServicesMinutes,
      'kpis.recoveryTime.targetMinutes',
      `is ${k.targetMinutes}, the objective is ${rto.criticalServicesMinutes}`,
      'use the objective',
    ),
)

const riskAcceptsMoreThanTheObjective = rule(
  'a residual risk accepts what the objective does not already promise',
  ['residualRisks', 'objectives', 'rollbacks'],
  (policy) =>
    policy.residualRisks.flatMap(({ tier, scenario, objective, acceptedWorstMinutes: accepted }, i) => {
      if (accepted === 'not-recoverable' || objective === 'history') return []
      const target = objective === 'rpo' ? recoveryPointTarget : recoveryTimeTarget
      const targets = (tier === 'all' ? TIERS : [tier]).map((each) => target(policy, scenario, each) / 60)
      return when(
        accepted <= Math.min(...targets),
        `residualRisks.${i}.acceptedWorstMinutes`,
        `is ${accepted}, and the ${objective} promises ${Math.min(...targets)}`,
        'raise it, or remove the risk',
      )
    }),
)

export const objectiveRules: Rules = {
  patientDataIsStrictest,
  criticalServicesComeFirst,
  availabilityAlarmsBelowTarget,
  recoveryAlarmAfterTarget,
  recoveryTargetIsTheObjective,
  riskAcceptsMoreThanTheObjective,
}

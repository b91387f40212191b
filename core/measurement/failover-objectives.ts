import type { Policy } from '../policy'
import type { Objective } from './drill-result'
import { atMost, exactly } from './objectives'

/** What a failover drill has to show, in the policy's own terms. Undefined: not measured. */
export interface FailoverMeasured {
  readonly outageSeconds: number | undefined
  /** The same outage at production's pace. */
  readonly projectedOutageSeconds: number | undefined
  readonly rpoSeconds: number | undefined
  /** Loss of the critical tables alone. @default as that of patient data: the same writes stand for both */
  readonly criticalRpoSeconds?: number | undefined
  /** Fault to the end of the data validation. */
  readonly dataRecoverySeconds: number | undefined
  readonly content: 'pass' | 'fail' | 'inconclusive' | undefined
  readonly ghosts: number | undefined
  /** Lost transactions on which the clients' log and the observer's do not agree. */
  readonly disagreements: number | undefined
  /** Writes the old primary accepted after the failover; undefined where none could be tried. */
  readonly oldPrimaryWritesAccepted: number | undefined
  /** Given where replication is synchronous: then nothing may be lost. */
  readonly lostUnderSync?: number
}

/** The objectives of the database tiers. */
export function failoverObjectives(objectives: Policy['objectives'], measured: FailoverMeasured): Objective[] {
  const { rpo, rto } = objectives
  const criticalRto = rto.criticalServicesMinutes * 60
  return [
    atMost('RTO of critical services, seconds', criticalRto, measured.outageSeconds),
    atMost('RTO of critical services at production pace, seconds', criticalRto, measured.projectedOutageSeconds),
    atMost('RTO of data recovery, seconds', rto.dataRecoveryMinutes * 60, measured.dataRecoverySeconds),
    atMost(
      'RPO of critical data, seconds',
      rpo.criticalMinutes * 60,
      'criticalRpoSeconds' in measured ? measured.criticalRpoSeconds : measured.rpoSeconds,
    ),
    atMost('RPO of patient data, seconds', rpo.patientMinutes * 60, measured.rpoSeconds),
    exactly('content of the recovered data', 'pass', measured.content),
    atMost('refused writes found in the data', 0, measured.ghosts),
    atMost('lost transactions that an independent log does not confirm', 0, measured.disagreements),
    atMost('writes accepted by the old primary after the failover', 0, measured.oldPrimaryWritesAccepted),
    ...('lostUnderSync' in measured
      ? [atMost('transactions lost under synchronous replication', 0, measured.lostUnderSync)]
      : []),
  ]
}

/** What is kept beside the database and seen of it through the API. Undefined: not measured. */
export interface ClinicMeasured {
  readonly apiOutageSeconds: number | undefined
  readonly configurationRpoSeconds: number | undefined
  readonly assetsRpoSeconds: number | undefined
  /** Versions of settings in the recovery region that its own key does not open, or not alone. */
  readonly settingsNotOpened?: number | undefined
}

/** The objectives of the tiers beside the database. */
export function clinicObjectives({ rpo, rto }: Policy['objectives'], measured: ClinicMeasured): Objective[] {
  return [
    atMost('outage of the API, seconds', rto.criticalServicesMinutes * 60, measured.apiOutageSeconds),
    atMost('RPO of configuration, seconds', rpo.configurationMinutes * 60, measured.configurationRpoSeconds),
    atMost('RPO of static assets, seconds', rpo.staticAssetsMinutes * 60, measured.assetsRpoSeconds),
    atMost('settings that the recovery region could not open by its own key alone', 0, measured.settingsNotOpened),
  ]
}

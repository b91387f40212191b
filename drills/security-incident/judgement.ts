import type { OldPrimaryAttempt } from '../../adapters/local/old-primary'
import type { Client } from 'pg'
import {
  acceptedByOldPrimary,
  atMost,
  breakDown,
  exactly,
  phaseSeconds,
  projectPointInTimeRecovery,
  REGION_FAILOVER_PHASES,
  type Objective,
  type PhaseSpan,
  type Projection,
} from '../../core/measurement'
import type { Preservation } from '../../core/ports/forensics'
import type { ScanFinding } from '../../core/ports/hardening'
import type { RunState } from '../../core/runbook/model'
import type { Observation } from '../observation'
import type { Stage } from '../stage'
import { unlisted, unlistedDeletions } from '../unlisted-writes'
import { STOLEN, type Attack } from './attack'
import type { Detected, FindingTimes } from './monitor'
import type { StolenTry } from './stolen-secrets'

export interface PlayedIncident {
  readonly attack: Attack
  readonly detected: Detected
  readonly noticed: FindingTimes
  readonly run: RunState
  readonly observation: Observation
  readonly oldPrimary: readonly OldPrimaryAttempt[]
  readonly stolen: readonly StolenTry[]
  /** After clients have come back. */
  readonly scanned: readonly ScanFinding[]
  /** The forensic copy, hashed once more at the end. */
  readonly keptAtEnd: Preservation | undefined
  /** Rows of the recovered data that carry the attacker's hand. */
  readonly defaced: number | undefined
  /** What the recovered database lets the stolen account do. */
  readonly stolenAccount: 'revoked' | 'open' | undefined
}

/** Nothing of the attacker may be left, nothing clean from before him may be missing, and what came after has to be on a list. */
export async function judgeIncident(
  stage: Stage,
  played: PlayedIncident,
): Promise<{ phases: PhaseSpan[]; projection: Projection; objectives: Objective[]; targetSeconds: number }> {
  const { policy } = stage.size
  const {
    attack,
    detected,
    noticed,
    run,
    observation,
    oldPrimary,
    stolen,
    scanned,
    keptAtEnd,
    defaced,
    stolenAccount,
  } = played
  const { measured, counted } = observation
  const output = (step: string) => run.steps[step]?.output as Readonly<Record<string, unknown>> | undefined
  const phases = breakDown({
    faultAt: attack.struck.at,
    steps: Object.entries(run.steps).map(([name, { finishedAt }]) => ({ name, ...(finishedAt ? { finishedAt } : {}) })),
    endsWith: REGION_FAILOVER_PHASES,
    ...(measured.servedAgainAt ? { servedAgainAt: measured.servedAgainAt } : {}),
  })
  const projection = projectPointInTimeRecovery(policy, {
    reconnectSeconds: phaseSeconds(phases).reconnectSeconds ?? 0,
  })
  const within = policy.rehearsal.attack.detectWithinSeconds
  const targetSeconds = policy.objectives.rto.dataRecoveryMinutes * 60
  const preserved = output('confirm-preserved')?.['manifestSha256'] as string | undefined
  const isIntact = keptAtEnd?.kind === 'preserved' && keptAtEnd.manifestSha256 === preserved
  return {
    phases,
    projection,
    targetSeconds,
    objectives: [
      atMost('findings before the attack', 0, early(attack, noticed)),
      atMost('attack noticed by two kinds of finding, seconds', within, secondsFrom(attack, detected.knownAt)),
      atMost('noticed by the rate of deletion, seconds', within, secondsFrom(attack, noticed.DELETION_RATE)),
      atMost('noticed by an append-only table, seconds', within, secondsFrom(attack, noticed.APPEND_ONLY_CHANGED)),
      atMost('noticed by the content, seconds', within, secondsFrom(attack, noticed.CONTENT_DIFFERS)),
      atMost(
        'access cut within, seconds',
        policy.incidentResponse.timeouts.containSeconds,
        secondsFrom(attack, output('isolate')?.['isolatedAt'] as string | undefined),
      ),
      atMost('RTO of data recovery as the clients saw it, seconds', targetSeconds, measured.outage?.seconds),
      atMost('RTO of data recovery, seconds', targetSeconds, secondsFrom(attack, run.steps['validate']?.finishedAt)),
      atMost(
        'RTO of compliance validation, seconds',
        policy.objectives.rto.complianceValidationMinutes * 60,
        secondsOf(run, 'validate-compliance'),
      ),
      exactly(
        'first transaction of the attacker, as the monitors found it',
        attack.firstTransaction,
        detected.suspect.transaction,
      ),
      exactly('content of the recovered data', 'pass', output('validate')?.['verdict'] as string | undefined),
      atMost('rows of the recovered data that carry the attacker’s hand', 0, defaced),
      exactly('list of later writes', 'listed', output('list-later-writes')?.['kind'] as string | undefined),
      atMost(
        'lost writes from before the clean point, on no list',
        0,
        await unlisted(
          stage,
          output('find-clean-point')?.['at'] as string | undefined,
          observation,
          output('list-later-writes'),
        ),
      ),
      atMost(
        'rows that the attacker deleted, on no list',
        0,
        unlistedDeletions(attack.deletedRows, output('list-later-writes')),
      ),
      atMost('refused writes found in the data', 0, counted?.loss.ghost),
      atMost('lost transactions that an independent log does not confirm', 0, counted?.disagreements),
      exactly('stolen account in the recovered database', 'revoked', stolenAccount),
      atMost('ways in that an old secret still opens', 0, acceptedByOldPrimary(stolen)),
      atMost('writes accepted by the old primary after the recovery', 0, acceptedByOldPrimary(oldPrimary)),
      atMost(
        'transactions of the attacker after access was cut',
        0,
        committedSince(attack, output('fence')?.['fencedAt'] as string | undefined),
      ),
      atMost('findings of a scan after clients came back', 0, run.outcome === 'succeeded' ? scanned.length : undefined),
      exactly(
        'forensic copy at the end',
        'intact',
        preserved === undefined ? undefined : isIntact ? 'intact' : 'changed',
      ),
      atMost(
        'controls of compliance that do not hold',
        0,
        (output('validate-compliance')?.['missing'] as unknown[] | undefined)?.length,
      ),
    ],
  }
}

/** What the attacker wrote is no record any more: its hash does not fit, or the name is none that anybody was given. */
export async function defacedRows(client: Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    `select (select count(*) from clinic.records where body_md5 <> md5(body))
       + (select count(*) from clinic.patients where erased_at is null and name !~ '^Synthetic Person') as count`,
  )
  return Number(rows[0]!.count)
}

/** Whether the ledger's revocation holds after the logins were opened again. */
export async function accountOf(client: Client): Promise<'revoked' | 'open'> {
  const { rows } = await client.query<{ open: boolean }>(
    'select rolcanlogin as open from pg_roles where rolname = $1',
    [STOLEN],
  )
  return rows[0]?.open ? 'open' : 'revoked'
}

const secondsFrom = ({ struck }: Attack, to: string | undefined): number | undefined =>
  to === undefined ? undefined : (Date.parse(to) - Date.parse(struck.at)) / 1000

/** What a monitor saw where nothing was wrong. */
const early = ({ struck }: Attack, noticed: FindingTimes): number =>
  Object.values(noticed).filter((at) => Date.parse(at) < Date.parse(struck.at)).length

function secondsOf(run: RunState, step: string): number | undefined {
  const { startedAt, finishedAt } = run.steps[step] ?? {}
  return startedAt && finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 : undefined
}

/** At most the last one counts: any transaction after the fence is one too many. */
const committedSince = ({ lastAt }: Attack, fencedAt: string | undefined): number | undefined =>
  fencedAt === undefined ? undefined : Number(Date.parse(lastAt) > Date.parse(fencedAt))

import type { EvidenceAtHand } from '../../../core/compliance/validation/evidence-at-hand'
import { validateCompliance } from '../../../core/compliance/validation/validate'
import type { Verdict } from '../../../core/compliance/validation/verdict'
import type { EvidenceRecord } from '../../../core/evidence/record'
import { isJsonObject, type Json } from '../../../core/json'
import { objectiveCode } from '../../../core/measurement'
import type { Policy } from '../../../core/policy'
import type { Resource } from '../../../core/posture/assembly'

type Plant = (at: EvidenceAtHand) => EvidenceAtHand

/** What is done to the evidence of a control that a machine decides, and what has to come of it. */
export interface PlantedViolation {
  readonly plant: Plant
  /** @default FAIL */
  readonly verdict?: Verdict
  /** Other controls that rest on the same, and turn with it. @default none */
  readonly also?: readonly string[]
}

const DAY_MS = 86_400_000

const records =
  (
    isMeant: (record: EvidenceRecord, policy: Policy) => boolean,
    change: (record: EvidenceRecord) => EvidenceRecord,
  ): Plant =>
  (at) => {
    const meant = at.records.filter((one) => isMeant(one, at.policy))
    if (meant.length === 0) throw new Error('there is no such record to plant a violation in')
    return { ...at, records: at.records.map((one) => (meant.includes(one) ? change(one) : one)) }
  }

const ofDrill = (drill: string, change: (record: EvidenceRecord) => EvidenceRecord): Plant =>
  records(({ kind, subject }) => kind === 'drill' && subject === drill, change)

/** The drill measured something that is beyond the objective. */
const missed = (drill: string, name: string): Plant =>
  ofDrill(drill, (record) => {
    const code = objectiveCode(name)
    const { objectives } = record.measurements
    if (!isJsonObject(objectives) || !(code in objectives)) throw new Error(`no record of ${drill} holds '${code}'`)
    const planted = { target: 0, measured: 99, met: false }
    return { ...record, measurements: { ...record.measurements, objectives: { ...objectives, [code]: planted } } }
  })

const failedDaily = (role: 'primary' | 'recovery', check: string): Plant =>
  records(
    ({ kind, region }, { topology }) =>
      kind === 'daily-verification' && region === (topology.regions as Partial<Record<string, string>>)[role],
    (record) => ({
      ...record,
      measurements: {
        ...record.measurements,
        checks: { ...(record.measurements['checks'] as { readonly [name: string]: Json }), [check]: 'fail' },
      },
    }),
  )

const policy =
  (change: (policy: Policy) => Policy): Plant =>
  (at) => ({ ...at, policy: change(at.policy) })

/** One resource of the kind of stack, type and name has other properties. */
const template =
  (
    kind: string,
    type: string,
    holds: string,
    change: (properties: NonNullable<Resource['Properties']>) => Resource['Properties'],
  ): Plant =>
  (at) => {
    let found = false
    const stacks = (at.stacks ?? []).map((one) => {
      if (found || !`${one.stack}-`.includes(`-${kind}-`)) return one
      const entry = Object.entries(one.resources).find(
        ([, { Type, Properties }]) => Type === type && JSON.stringify(Properties ?? {}).includes(holds),
      )
      if (!entry) return one
      found = true
      const [id, resource] = entry
      const Properties = change(resource.Properties ?? {})
      return { ...one, resources: { ...one.resources, [id]: { ...resource, ...(Properties && { Properties }) } } }
    })
    if (!found) throw new Error(`no ${type} with '${holds}' stands in ${kind}`)
    return { ...at, stacks }
  }

const without = (property: string) => (properties: NonNullable<Resource['Properties']>) =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => name !== property))

const withoutLastTransfer = (at: Policy): Policy => ({ ...at, transfers: at.transfers.slice(0, -1) })

/** A violation for each control of which a machine decides everything, by its id. */
export const PLANTED: Readonly<Record<string, PlantedViolation>> = {
  'LGPD-01': { plant: missed('data-corruption', 'consents withdrawn late that hold again'), also: ['XT-01'] },
  'LGPD-03': {
    plant: policy((at) => ({
      ...at,
      contacts: { ...at.contacts, primary: at.contacts.primary.filter(({ role }) => !role.startsWith('Deputy')) },
    })),
  },
  'LGPD-04': {
    plant: policy((at) => ({ ...at, incidentResponse: { ...at.incidentResponse, breachNoticeBusinessDays: 5 } })),
  },
  'LGPD-05': {
    plant: template('operations', 'AWS::Logs::LogGroup', 'RetentionInDays', (held) => ({
      ...held,
      RetentionInDays: 30,
    })),
    also: ['DC-04'],
  },
  'LGPD-09': {
    plant: template('governance-witness', 'AWS::GuardDuty::Detector', '', (held) => ({ ...held, Enable: false })),
  },
  'ANV-05': { plant: missed('deployment-failure', 'version that the program says it is') },
  'CFM-02': { plant: missed('regional-outage', 'RTO of critical services, seconds') },
  'CFM-05': {
    plant: template('archive', 'AWS::S3::Bucket', '-archive-phi-', (held) => ({
      ...held,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'NONE', Days: 36_500 } } },
    })),
    also: ['DC-01'],
  },
  'CFM-06': {
    plant: ofDrill('weekly-restores', (record) => ({
      ...record,
      measurements: { ...record.measurements, planted: { '2': 'segment-missing' } },
    })),
  },
  'CFM-07': { plant: missed('data-corruption', 'login revoked late, in the recovered database'), also: ['XT-01'] },
  'ENC-01': { plant: template('replica-recovery', 'AWS::RDS::DBInstance', 'KmsKeyId', without('KmsKeyId')) },
  'ENC-02': { plant: failedDaily('recovery', 'environment-backup') },
  'ENC-03': { plant: template('vaults-recovery', 'AWS::Backup::BackupVault', '', without('EncryptionKeyArn')) },
  'ENC-04': {
    plant: missed('regional-outage', 'settings that the recovery region could not open by its own key alone'),
  },
  'ENC-06': {
    plant: missed('regional-outage', 'clients without TLS, with an older one or another authority, that got in'),
  },
  'ENC-08': {
    plant: (at) => ({
      ...at,
      stacks: [
        ...(at.stacks ?? []),
        {
          stack: 'planted',
          region: 'sa-east-1',
          resources: { Server: { Type: 'AWS::Transfer::Server', Properties: { IdentityProviderType: 'AWS_LAMBDA' } } },
        },
      ],
    }),
  },
  'AC-06': {
    plant: template('runbooks', 'AWS::IAM::ManagedPolicy', '"Effect":"Allow"', (held) => ({
      ...held,
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    })),
  },
  'DC-03': {
    plant: template('archive', 'AWS::S3::Bucket', '-archive-financial-', (held) => ({
      ...held,
      ObjectLockConfiguration: {
        Rule: { DefaultRetention: { Mode: 'NONE', Days: 36_500 } },
      },
    })),
  },
  'DC-04': {
    plant: template('evidence', 'AWS::S3::Bucket', '-evidence-', (held) => ({ ...held, ObjectLockEnabled: false })),
  },
  'BCP-01': { plant: missed('regional-outage', 'RPO of static assets, seconds') },
  'BCP-02': { plant: missed('full-dr', 'RTO of compliance validation, seconds') },
  'BCP-03': { plant: failedDaily('primary', 'completion'), also: ['BCP-05'] },
  'BCP-04': { plant: failedDaily('recovery', 'copies') },
  'BCP-05': {
    plant: records(
      ({ kind }) => kind === 'weekly-restore' || kind === 'restore-test',
      (record) => ({ ...record, finishedAt: new Date(Date.parse(record.finishedAt) - 9 * DAY_MS).toISOString() }),
    ),
    verdict: 'STALE',
  },
  'BCP-06': { plant: ofDrill('database-failure', (record) => ({ ...record, outcome: 'failed' })) },
  'BCP-08': {
    plant: policy((at) => ({ ...at, documentControl: { ...at.documentControl, reviewDate: '2025-12-22' } })),
  },
  'BCP-09': { plant: failedDaily('primary', 'code') },
  'BCP-10': { plant: missed('deployment-failure', "partial rollback at production's pace, seconds") },
  'BCP-11': { plant: failedDaily('primary', 'capacity') },
  'XT-01': { plant: missed('regional-outage', 'people erased late whose identity came back') },
  'XT-02': { plant: policy(withoutLastTransfer), also: ['LGPD-06'] },
  'XT-04': { plant: missed('security-incident', 'ways in that an old secret still opens') },
  'XT-06': {
    plant: policy((at) => ({
      ...at,
      stores: at.stores.map((store) =>
        store.id === 'clinic.consents' ? { ...store, restsOn: 'consent' as const } : store,
      ),
    })),
  },
  'XT-08': {
    plant: records(
      ({ kind }) => kind === 'archive-read-back',
      (record) => ({ ...record, outcome: 'failed' }),
    ),
    also: ['CFM-05'],
  },
  'XT-09': {
    plant: template('keys', 'AWS::KMS::Key', '"SYMMETRIC_DEFAULT"', (held) => ({ ...held, EnableKeyRotation: false })),
    also: ['ENC-04'],
  },
}

/**
 * The evidence without what is known to be open in the procedure itself: its review is overdue, and it names no data protection
 * officer. A violation of these is planted where they hold.
 */
export const mended = (at: EvidenceAtHand): EvidenceAtHand => {
  const contact = (role: string) => ({ role, email: 'privacy@neonpro.example' })
  return {
    ...at,
    policy: {
      ...at.policy,
      documentControl: {
        ...at.policy.documentControl,
        reviewDate: new Date(at.now.getTime() + 30 * DAY_MS).toISOString().slice(0, 10),
      },
      contacts: {
        ...at.policy.contacts,
        primary: [
          ...at.policy.contacts.primary,
          contact('Data Protection Officer'),
          contact('Deputy Data Protection Officer'),
        ],
      },
    },
  }
}

/** A control that a machine decides well, and what its planted violation made of all of them. */
export interface Turned {
  readonly id: string
  /** Every control whose verdict by machine is another one than before. */
  readonly turned: Readonly<Record<string, Verdict>>
  readonly wanted: Readonly<Record<string, Verdict>>
}

const machineOf = (at: EvidenceAtHand): ReadonlyMap<string, Verdict> =>
  new Map(validateCompliance(at).controls.map(({ id, machine }) => [id, machine]))

/** Plants the violation of each control that passes by the evidence, one after the other. */
export function plantEach(at: EvidenceAtHand): Turned[] {
  const whole = mended(at)
  const well = machineOf(whole)
  return Object.entries(PLANTED)
    .filter(([id]) => well.get(id) === 'PASS')
    .map(([id, { plant, verdict = 'FAIL', also = [] }]) => ({
      id,
      turned: Object.fromEntries([...machineOf(plant(whole))].filter(([one, now]) => now !== well.get(one))),
      wanted: { [id]: verdict, ...Object.fromEntries(also.map((other) => [other, 'FAIL' as const])) },
    }))
}

import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { mostDaysIn } from '../../core/policy/retention'
import type { KeyPurpose } from '../names'
import { CoordinationStack } from '../stacks/coordination-stack'
import { EvidenceStack } from '../stacks/evidence-stack'
import { KeysStack } from '../stacks/keys-stack'
import type { Region } from './region'

/** What everything else in a region stands on: its keys, its evidence and the logs of access to both. */
export interface Foundation {
  readonly keys: KeysStack
  readonly accessLogs: IBucket
}

export function foundation(region: Region): Foundation {
  const keys = keysOf(region)
  const accessLogs = evidenceOf(region, keys)
  return { keys, accessLogs }
}

const OF_DATA_REGIONS: readonly KeyPurpose[] = [
  'database',
  'backup',
  'checkpoint',
  'assets',
  'code',
  'code-signing',
  'configuration',
  'archive',
  'audit',
]

function keysOf(region: Region): KeysStack {
  const { role, policy } = region
  const { secondAccount } = policy.backup
  return new KeysStack(region.stage, `keys-${role}`, {
    ...region.stack('keys'),
    names: region.names,
    existing: existingKeys(region),
    ...(secondAccount.mode === 'copies' && { copyingAccount: secondAccount.accountId }),
    purposes: [
      'evidence',
      'operations',
      ...(role === 'witness' ? [] : OF_DATA_REGIONS),
      ...(role === 'primary' ? [] : (['coordination'] as const)),
      ...(role !== 'witness' && policy.fileTransfer.mode === 'sftp' ? (['file-transfer'] as const) : []),
    ],
  })
}

function existingKeys({ role, policy: { imports } }: Region): ReadonlyMap<KeyPurpose, string> {
  if (imports.keys.mode === 'create') return new Map()
  return new Map(
    imports.keys.existing.filter(({ region }) => region === role).map(({ purpose, arn }) => [purpose, arn]),
  )
}

function evidenceOf(region: Region, keys: KeysStack): IBucket {
  const { role, policy } = region
  const days = mostDaysIn(policy.dataClasses.operational.retentionYears)
  const copyTo = region.names.evidenceCopy(role)
  const { accessLogs } = new EvidenceStack(region.stage, `evidence-${role}`, {
    ...region.stack('evidence'),
    names: region.names,
    role,
    key: keys.key('evidence'),
    lock: policy.evidence.lock,
    lockDays: days,
    accessLogRetentionDays: days,
    ...(copyTo && { copyTo }),
  })
  return accessLogs.bucket
}

/** The epoch, the approvals and the traffic switch of one of the two places that decide. */
export function coordination(region: Region<'recovery' | 'witness'>, { keys, accessLogs }: Foundation): void {
  new CoordinationStack(region.stage, `coordination-${region.role}`, {
    ...region.stack('coordination'),
    names: region.names,
    role: region.role,
    key: keys.key('coordination'),
    accessLogs,
    checkerRanges: region.policy.dns.checkerRanges.cidrs,
  })
}

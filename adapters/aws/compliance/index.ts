import { BackupClient } from '@aws-sdk/client-backup'
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { KMSClient } from '@aws-sdk/client-kms'
import { RDSClient } from '@aws-sdk/client-rds'
import { S3Client } from '@aws-sdk/client-s3'
import { atLeast } from '../../../core/compliance/at-least'
import { declaredIn, keysOfCopies } from '../../../core/compliance/declared'
import type {
  Compliance,
  CopyProtection,
  Declared,
  Guarded,
  Protection,
  Remedies,
} from '../../../core/ports/compliance'
import { PortError } from '../../../core/ports/errors'
import { clientSettings } from '../client-settings'
import { planGuard, selectionGuard, vaultGuard } from './backups'
import { bucketGuard } from './buckets'
import { copyGuard, databaseGuard } from './databases'
import { declaredStacks } from './declared-stacks'
import type { Guard } from './guard'
import { keyGuard, keyNames } from './keys'
import { logGuard } from './logs'
import { trailGuard } from './trails'

interface AccountOptions {
  readonly accountId: string
  /** What the names of our stacks begin with. */
  readonly stackPrefix: string
  /** The one region that is looked at and put right. @default every one that is asked for */
  readonly only?: string
  /** Where CloudTrail of a region is called. @default AWS */
  readonly trailEndpoint?: (region: string) => URL
}

/** An account of AWS as it really is. A thing is looked up in its own region, with a client made once. */
export class AwsAccount implements Compliance, Remedies {
  private readonly regions = new Map<string, RegionGuards>()

  constructor(private readonly options: AccountOptions) {}

  async protectionOf({ kind, region, name }: Guarded): Promise<Protection | undefined> {
    return this.in(region).guards[kind].read(name)
  }

  async copies(region: string): Promise<readonly CopyProtection[]> {
    return this.in(region).copies()
  }

  async declaredIn(region: string): Promise<Declared> {
    const { cloudFormation } = this.in(region)
    const stacks = await declaredStacks(cloudFormation, region, this.options.stackPrefix)
    const keyOfCopies = keysOfCopies({ stacks }).get(region)
    return { protections: declaredIn({ stacks }), ...(keyOfCopies !== undefined && { keyOfCopies }) }
  }

  async restore(declared: Protection, { key }: { readonly key: string }): Promise<'restored' | 'under-way'> {
    const guard = this.in(declared.region).guards[declared.kind] as unknown as Guard<Protection>
    const found = await guard.read(declared.name)
    return guard.write(atLeast(declared, found), found, key)
  }

  private in(region: string): RegionGuards {
    const { only = region } = this.options
    if (region !== only)
      throw new PortError('invalid', 'REGION_FOREIGN', `this function serves ${only}, not ${region}; run it there`)
    const known = this.regions.get(region) ?? regionGuards(region, this.options)
    this.regions.set(region, known)
    return known
  }
}

interface RegionGuards {
  readonly cloudFormation: CloudFormationClient
  readonly guards: { readonly [K in Protection['kind']]: Guard<Extract<Protection, { kind: K }>> }
  copies(): Promise<readonly CopyProtection[]>
}

function regionGuards(region: string, { accountId, trailEndpoint = ofAws }: AccountOptions): RegionGuards {
  const backup = new BackupClient(clientSettings(region))
  const kms = new KMSClient(clientSettings(region))
  const rds = new RDSClient(clientSettings(region))
  const copies = copyGuard(rds, region, keyNames(kms))
  return {
    cloudFormation: new CloudFormationClient(clientSettings(region)),
    copies: copies.list,
    guards: {
      bucket: bucketGuard(new S3Client(clientSettings(region)), region),
      vault: vaultGuard(backup, region),
      'backup-plan': planGuard(backup, region),
      'backup-selection': selectionGuard(backup, region, accountId),
      copy: copies.guard,
      database: databaseGuard(rds, region),
      'log-group': logGuard(new CloudWatchLogsClient(clientSettings(region)), region),
      key: keyGuard(kms, region),
      trail: trailGuard({ region, credentials: kms.config.credentials, endpoint: trailEndpoint(region) }),
    },
  }
}

const ofAws = (region: string): URL => new URL(`https://cloudtrail.${region}.amazonaws.com/`)

import type { Protection } from '../../../../core/ports/compliance'
import { json, xml, type Answer, type Call, type Service } from './wire'

interface Rule {
  readonly id: string
  readonly prefix: string
  readonly objectDays?: number
  readonly versionDays?: number
  /** @default it acts */
  readonly off?: true
  /** As it came, for what this fake does not read. */
  readonly rest: string
}
interface Bucket {
  blocked: boolean
  rules: Rule[]
}
interface Snapshot {
  key: string | null
  /** Describes of it that find it still in the making. */
  takes: number
  /** RDS could not make it. */
  failed?: true
}
interface Plan {
  readonly id: string
  readonly name: string
  rules: { RuleName: string; TargetBackupVaultName: string; Lifecycle: { DeleteAfterDays: number } }[]
  readonly selections: Map<
    string,
    {
      SelectionName: string
      IamRoleArn: string
      Resources?: string[]
      ListOfTags?: object[]
      NotResources?: string[]
      Conditions?: object
    }
  >
}

const KEY_ARN = 'arn:aws:kms:sa-east-1:111122223333:key/'

/** The protected things of one region of an account, each as its own service tells of it. */
export class FakeAccount implements Service {
  readonly buckets = new Map<string, Bucket>()
  /** AWS Backup takes a lock with either number alone. */
  readonly vaults = new Map<string, { minDays?: number; maxDays?: number } | null>()
  /** Key of a vault, where it has one of ours. */
  readonly vaultKeys = new Map<string, string>()
  readonly plans: Plan[] = []
  readonly databases = new Map<string, boolean>()
  readonly snapshots = new Map<string, Snapshot>()
  readonly logGroups = new Map<string, number | null>()
  /** By alias; the id of a key is made of it. */
  readonly keys = new Map<string, boolean>()
  /** Keys that somebody has had deleted, by alias: they are there for some days, and open nothing. */
  readonly endingKeys = new Set<string>()
  readonly trails = new Map<string, boolean>()
  region = 'sa-east-1'

  hold(thing: Protection): void {
    switch (thing.kind) {
      case 'bucket':
        this.buckets.set(thing.name, {
          blocked: thing.refusesPublic,
          rules: Object.entries(thing.ends).map(([scope, end], at) => ({
            id: `rule-${at}`,
            prefix: scope.replace(/\*$/, ''),
            ...end,
            rest: '',
          })),
        })
        return
      case 'vault':
        this.vaults.set(thing.name, thing.lock)
        return
      case 'backup-plan':
        this.plans.push({
          id: `plan-${this.plans.length}`,
          name: thing.name,
          rules: Object.entries(thing.keepsDays).map(([RuleName, DeleteAfterDays]) => ({
            RuleName,
            TargetBackupVaultName: 'snapshots',
            Lifecycle: { DeleteAfterDays },
          })),
          selections: new Map(),
        })
        return
      case 'backup-selection':
        throw new Error('selections are made over the wire')
      case 'copy':
        this.snapshots.set(thing.name, { key: thing.key, takes: 0 })
        return
      case 'database':
        this.databases.set(thing.name, thing.refusesDeletion)
        return
      case 'log-group':
        this.logGroups.set(`${thing.name}-beside`, 1).set(thing.name, thing.keepsDays)
        return
      case 'key':
        this.keys.set(thing.name, thing.rotates)
        return
      case 'trail':
        this.trails.set(thing.name, thing.records)
    }
  }

  /** Empty where another fake answers. */
  action({ service, method, url, headers, body }: Omit<Call, 'action'>): string {
    const target = headers['x-amz-target']?.split('.').at(-1) ?? ''
    switch (service) {
      case 'logs':
      case 'cloudtrail':
        return `${service}:${target}`
      case 'kms':
        return ['DescribeKey', 'ListAliases', 'GetKeyRotationStatus', 'EnableKeyRotation'].includes(target)
          ? `kms:${target}`
          : ''
      case 'rds': {
        const query = new URLSearchParams(body)
        const name = query.get('Action') ?? ''
        if (['CopyDBSnapshot', 'DeleteDBSnapshot'].includes(name)) return `rds:${name}`
        if (name === 'DescribeDBSnapshots' && query.get('SnapshotType') !== 'automated')
          return query.has('DBSnapshotIdentifier') || query.get('SnapshotType') === 'manual' ? `rds:${name}` : ''
        return ['DescribeDBInstances', 'ModifyDBInstance'].includes(name) &&
          this.databases.has(query.get('DBInstanceIdentifier') ?? '')
          ? `rds:${name}`
          : ''
      }
      case 's3':
        if (url.searchParams.has('publicAccessBlock'))
          return `s3:${method === 'GET' ? 'Get' : 'Put'}BucketPublicAccessBlock`
        if (url.searchParams.has('lifecycle')) return `s3:${method === 'GET' ? 'Get' : 'Put'}LifecycleConfiguration`
        return ''
      case 'backup':
        return backupAction(method, url.pathname)
      default:
        return ''
    }
  }

  error = (code: string, status = 400): Answer => ({
    ...json({ __type: code, Code: code, Message: code }, status),
    headers: { 'x-amzn-errortype': code, 'content-type': 'application/json' },
  })

  answer(call: Call): Answer {
    switch (call.service) {
      case 'logs':
        return this.logs(call)
      case 'cloudtrail':
        return this.trail(call)
      case 'kms':
        return this.kms(call)
      case 'rds':
        return this.rds(call)
      case 's3':
        return this.s3(call)
      default:
        return this.backup(call)
    }
  }

  private logs({ action, body }: Call): Answer {
    const {
      logGroupNamePrefix = '',
      logGroupName,
      retentionInDays,
    } = JSON.parse(body) as {
      logGroupNamePrefix?: string
      logGroupName?: string
      retentionInDays?: number
    }
    if (action === 'logs:DescribeLogGroups')
      return json({
        logGroups: [...this.logGroups]
          .filter(([name]) => name.startsWith(logGroupNamePrefix))
          .map(([name, days]) => ({ logGroupName: name, ...(days !== null && { retentionInDays: days }) })),
      })
    if (!logGroupName || !this.logGroups.has(logGroupName)) return this.error('ResourceNotFoundException')
    this.logGroups.set(logGroupName, action === 'logs:PutRetentionPolicy' ? (retentionInDays ?? null) : null)
    return json({})
  }

  private trail({ action, body }: Call): Answer {
    const { Name } = JSON.parse(body) as { Name: string }
    const records = this.trails.get(Name)
    if (records === undefined) return this.error('com.amazonaws.cloudtrail#TrailNotFoundException')
    if (action === 'cloudtrail:StartLogging') this.trails.set(Name, true)
    return json(action === 'cloudtrail:GetTrailStatus' ? { IsLogging: records } : {})
  }

  private kms({ action, body }: Call): Answer {
    const { KeyId = '' } = JSON.parse(body) as { KeyId?: string }
    if (action === 'kms:ListAliases')
      return json({ Aliases: [{ AliasName: KeyId.slice(KEY_ARN.length).replaceAll('.', '/') }], Truncated: false })
    if (action === 'kms:DescribeKey')
      return this.keys.has(KeyId)
        ? json({
            KeyMetadata: {
              KeyId: idOf(KeyId),
              Arn: keyArnOf(KeyId),
              KeyState: this.endingKeys.has(KeyId) ? 'PendingDeletion' : 'Enabled',
            },
          })
        : this.error('NotFoundException')
    const alias = KeyId.replaceAll('.', '/')
    // As KMS does: rotation is not asked by alias.
    if (KeyId.startsWith('alias/') || !this.keys.has(alias)) return this.error('NotFoundException')
    if (action === 'kms:EnableKeyRotation') this.keys.set(alias, true)
    return json(action === 'kms:GetKeyRotationStatus' ? { KeyRotationEnabled: this.keys.get(alias) } : {})
  }

  private rds({ action, body, region }: Call): Answer {
    const query = new URLSearchParams(body)
    const name = query.get('DBSnapshotIdentifier') ?? query.get('SourceDBSnapshotIdentifier') ?? ''
    const wrapped = (call: string, result: string): Answer =>
      xml(`<${call}Response><${call}Result>${result}</${call}Result></${call}Response>`)
    const missing = (code: string): Answer =>
      xml(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
        404,
      )
    switch (action) {
      case 'rds:DescribeDBInstances':
      case 'rds:ModifyDBInstance': {
        const database = query.get('DBInstanceIdentifier') ?? ''
        if (!this.databases.has(database)) return missing('DBInstanceNotFound')
        if (query.get('DeletionProtection') === 'true') this.databases.set(database, true)
        const one = `<DBInstance><DBInstanceIdentifier>${database}</DBInstanceIdentifier><DeletionProtection>${this.databases.get(database)}</DeletionProtection></DBInstance>`
        return action === 'rds:ModifyDBInstance'
          ? wrapped('ModifyDBInstance', one)
          : wrapped('DescribeDBInstances', `<DBInstances>${one}</DBInstances>`)
      }
      case 'rds:DescribeDBSnapshots': {
        if (name !== '' && !this.snapshots.has(name)) return missing('DBSnapshotNotFound')
        const here = region === this.region ? [...this.snapshots] : []
        const found = here.filter(([one]) => name === '' || one === name)
        // One a page, so that whoever asks has to go on.
        const at = Number(query.get('Marker') ?? 0)
        const page = found.slice(at, at + 1).map(([one, snapshot]) => this.snapshot(one, snapshot))
        const marker = at + 1 < found.length ? `<Marker>${at + 1}</Marker>` : ''
        return wrapped('DescribeDBSnapshots', `${marker}<DBSnapshots>${page.join('')}</DBSnapshots>`)
      }
      case 'rds:CopyDBSnapshot': {
        if (!this.snapshots.has(name)) return missing('DBSnapshotNotFound')
        const target = query.get('TargetDBSnapshotIdentifier') ?? ''
        if (this.snapshots.has(target)) return missing('DBSnapshotAlreadyExists')
        this.snapshots.set(target, { key: query.get('KmsKeyId'), takes: 2 })
        return wrapped('CopyDBSnapshot', '')
      }
      default:
        return this.snapshots.delete(name) ? wrapped('DeleteDBSnapshot', '') : missing('DBSnapshotNotFound')
    }
  }

  private snapshot(name: string, snapshot: Snapshot): string {
    snapshot.takes -= 1
    const key = snapshot.key === null ? '' : `<KmsKeyId>${KEY_ARN}${snapshot.key.replaceAll('/', '.')}</KmsKeyId>`
    return `<DBSnapshot><DBSnapshotIdentifier>${name}</DBSnapshotIdentifier><Status>${snapshot.failed ? 'failed' : snapshot.takes < 0 ? 'available' : 'creating'}</Status><Encrypted>${snapshot.key !== null}</Encrypted>${key}</DBSnapshot>`
  }

  private s3({ action, url, method, body }: Call): Answer {
    const bucket = this.buckets.get(url.pathname.split('/')[1] ?? '')
    const refused = (code: string): Answer => xml(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`, 404)
    if (!bucket) return refused('NoSuchBucket')
    if (action === 's3:GetBucketPublicAccessBlock')
      return bucket.blocked
        ? xml(
            `<PublicAccessBlockConfiguration>${SWITCHES.map((one) => `<${one}>true</${one}>`).join('')}</PublicAccessBlockConfiguration>`,
          )
        : refused('NoSuchPublicAccessBlockConfiguration')
    if (action === 's3:PutBucketPublicAccessBlock') {
      bucket.blocked = SWITCHES.every((one) => body.includes(`<${one}>true</${one}>`))
      return xml('')
    }
    if (method === 'DELETE') bucket.rules = []
    if (method === 'PUT') {
      bucket.rules = [...body.matchAll(/<Rule>([\s\S]*?)<\/Rule>/g)].map(([, rule = '']) => ruleOf(rule))
      if (bucket.rules.length === 0) return refused('MalformedXML')
    }
    if (method !== 'GET') return xml('', method === 'DELETE' ? 204 : 200)
    if (bucket.rules.length === 0) return refused('NoSuchLifecycleConfiguration')
    return xml(`<LifecycleConfiguration>${bucket.rules.map(ruleXml).join('')}</LifecycleConfiguration>`)
  }

  private backup({ action, url, body, method }: Call): Answer {
    const [, , , first = '', , last = ''] = url.pathname.split('/').map(decodeURIComponent)
    if (action === 'backup:DescribeBackupVault' || action === 'backup:PutBackupVaultLockConfiguration') {
      const name = decodeURIComponent(url.pathname.split('/')[2] ?? '')
      if (!this.vaults.has(name)) return this.error('ResourceNotFoundException')
      if (method === 'PUT') {
        const { MinRetentionDays, MaxRetentionDays, ChangeableForDays } = JSON.parse(body) as Record<string, number>
        if (ChangeableForDays !== undefined) throw new Error('a machine never locks for good')
        this.vaults.set(name, { minDays: MinRetentionDays!, maxDays: MaxRetentionDays! })
        return json({})
      }
      const lock = this.vaults.get(name)
      return json({
        BackupVaultName: name,
        Locked: Boolean(lock),
        ...(this.vaultKeys.has(name) && { EncryptionKeyArn: this.vaultKeys.get(name) }),
        ...(lock?.minDays !== undefined && { MinRetentionDays: lock.minDays }),
        ...(lock?.maxDays !== undefined && { MaxRetentionDays: lock.maxDays }),
      })
    }
    if (action === 'backup:ListBackupPlans')
      return json({ BackupPlansList: this.plans.map(({ id, name }) => ({ BackupPlanId: id, BackupPlanName: name })) })
    const plan = this.plans.find(({ id }) => id === first)
    if (!plan) return this.error('ResourceNotFoundException')
    switch (action) {
      case 'backup:GetBackupPlan':
        return json({ BackupPlan: { BackupPlanName: plan.name, Rules: plan.rules } })
      case 'backup:UpdateBackupPlan':
        plan.rules = (JSON.parse(body) as { BackupPlan: { Rules: Plan['rules'] } }).BackupPlan.Rules
        return json({ BackupPlanId: plan.id })
      case 'backup:ListBackupSelections':
        return json({
          BackupSelectionsList: [...plan.selections].map(([SelectionId, { SelectionName }]) => ({
            SelectionId,
            SelectionName,
          })),
        })
      case 'backup:CreateBackupSelection': {
        const { BackupSelection } = JSON.parse(body) as { BackupSelection: never }
        plan.selections.set(`selection-${plan.selections.size}`, BackupSelection)
        return json({})
      }
      case 'backup:DeleteBackupSelection':
        plan.selections.delete(last)
        return json({})
      default:
        return json({ BackupSelection: plan.selections.get(last) })
    }
  }
}

const SWITCHES = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets']

/** ARN of the key behind an alias. */
export const keyArnOf = (alias: string): string => KEY_ARN + idOf(alias)

const idOf = (alias: string): string => alias.replaceAll('/', '.')

function backupAction(method: string, path: string): string {
  if (/^\/backup-vaults\/[^/]+\/vault-lock\/?$/.test(path)) return 'backup:PutBackupVaultLockConfiguration'
  if (method === 'GET' && /^\/backup-vaults\/[^/]+\/?$/.test(path)) return 'backup:DescribeBackupVault'
  if (/^\/backup\/plans\/?$/.test(path)) return 'backup:ListBackupPlans'
  if (/^\/backup\/plans\/[^/]+\/?$/.test(path)) return `backup:${method === 'GET' ? 'Get' : 'Update'}BackupPlan`
  if (/^\/backup\/plans\/[^/]+\/selections\/?$/.test(path))
    return `backup:${method === 'GET' ? 'ListBackupSelections' : 'CreateBackupSelection'}`
  if (/^\/backup\/plans\/[^/]+\/selections\/[^/]+$/.test(path))
    return `backup:${method === 'GET' ? 'Get' : 'Delete'}BackupSelection`
  return ''
}

function ruleOf(rule: string): Rule {
  const number = (pattern: RegExp) => {
    const [, found] = pattern.exec(rule) ?? []
    return found === undefined ? undefined : Number(found)
  }
  const objectDays = number(/<Expiration>\s*<Days>(\d+)/)
  const versionDays = number(/<NoncurrentDays>(\d+)/)
  return {
    id: /<ID>([^<]*)/.exec(rule)?.[1] ?? '',
    prefix: /<Prefix>([^<]*)/.exec(rule)?.[1] ?? '',
    ...(objectDays !== undefined && { objectDays }),
    ...(versionDays !== undefined && { versionDays }),
    rest: /<Transition>[\s\S]*<\/Transition>|<ExpiredObjectDeleteMarker>\w+/.exec(rule)?.[0] ?? '',
  }
}

const ruleXml = ({ id, prefix, objectDays, versionDays, off, rest }: Rule): string =>
  `<Rule><ID>${id}</ID><Filter><Prefix>${prefix}</Prefix></Filter><Status>${off ? 'Disabled' : 'Enabled'}</Status>${rest}` +
  (objectDays === undefined ? '' : `<Expiration><Days>${objectDays}</Days></Expiration>`) +
  (versionDays === undefined
    ? ''
    : `<NoncurrentVersionExpiration><NoncurrentDays>${versionDays}</NoncurrentDays></NoncurrentVersionExpiration>`) +
  '</Rule>'

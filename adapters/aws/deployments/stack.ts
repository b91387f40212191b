import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  paginateDescribeChangeSet,
  type Change,
  type CloudFormationClient,
  type Stack,
} from '@aws-sdk/client-cloudformation'
import type { S3Client } from '@aws-sdk/client-s3'
import { contentHash } from '../../../core/evidence/hash'
import type { Clock } from '../../../core/ports/clock'
import type { Obstacle } from '../../../core/ports/deployments'
import { isPortError, PortError } from '../../../core/ports/errors'
import { STATEFUL, STATELESS } from '../../../core/posture/stateful'
import { templateSchema } from '../../../core/posture/template-schema'
import { ASSEMBLY_TAG, TEMPLATES_FOLDER } from '../agreed-names'
import { CALL_MS, within } from '../client-settings'
import { asking } from '../failures'
import { S3WriteOnceStore } from '../s3-write-once-store'
import { gone, type Of, type PlaceOf } from './kind'

/** How long one call waits for CloudFormation to compare two templates; whoever asks again finds the comparison. */
const COMPARING_MS = 20_000
const LOOK_EVERY_MS = 1_000

/** Who makes roles has to say so. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html */
const CAPABILITIES = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'] as const

/** Where the templates of releases lie, and the region of that bucket. */
export interface TemplateBucket {
  readonly client: S3Client
  readonly bucket: string
  readonly region: string
}

/**
 * A stack of the platform. Its version is the hash of the assembly it was deployed from, which the deployment puts on it as a
 * tag; going back is a change set with the template of that version. Nothing that holds data is ever removed or replaced by it:
 * such a way back is a decision of people, with a plan of its own.
 */
export class StackTemplates implements PlaceOf<'infrastructure'> {
  private readonly templates: S3WriteOnceStore

  constructor(
    private readonly cloudFormation: CloudFormationClient,
    private readonly bucket: TemplateBucket,
    private readonly clock: Clock,
  ) {
    this.templates = new S3WriteOnceStore(bucket.client, bucket.bucket)
  }

  async inForce(component: Of<'infrastructure'>): Promise<string | undefined> {
    const stack = await this.stack(component)
    if (!stack) return undefined
    const tag = tagOf(stack)
    return tag !== undefined && isUnderWay(stack) ? `under way to ${tag}` : tag
  }

  async obstacle(component: Of<'infrastructure'>, to: string): Promise<Obstacle | undefined> {
    const wanted = VERSION.test(to) ? await this.templates.get(keyOf(component, to)) : undefined
    if (wanted === undefined) return gone(component, to)
    const then = resourcesOf(wanted)
    const lost = Object.entries(resourcesOf(await this.deployed(component))).find(
      ([name, { Type }]) => holdsData(Type) && then[name]?.Type !== Type,
    )
    return lost ? { code: 'IRREVERSIBLE', what: `${component.name} ${lost[0]}` } : undefined
  }

  async put(component: Of<'infrastructure'>, to: string, { key }: { readonly key: string }): Promise<void> {
    const stack = await this.stack(component)
    if (stack && isUnderWay(stack)) {
      if (tagOf(stack) === to) return
      throw new PortError(
        'conflict',
        'STACK_UNDER_WAY',
        `'${component.stack}' is being updated; wait until it has ended`,
      )
    }
    // It serves, and takes no other update until what the last one replaced is gone.
    if (stack?.StackStatus === CLEANING_UP)
      throw new PortError(
        'throttled',
        'STACK_CLEANING_UP',
        `'${component.stack}' still removes what its last update replaced; ask again`,
      )
    const name = `release-${contentHash(`${key} ${to}`).slice(0, 24)}`
    if (!(await this.changeSet(component, name))) await this.compare(component, name, to, stack)
    const changes = await this.compared(component, name)
    const lost = changes.filter(losesData)
    if (lost.length > 0) {
      const command = new DeleteChangeSetCommand({ StackName: component.stack, ChangeSetName: name })
      await asking('dropping the change set', () => this.cloudFormation.send(command, within(CALL_MS)))
      const ids = lost.map(({ ResourceChange }) => ResourceChange?.LogicalResourceId ?? 'unnamed')
      throw new PortError(
        'conflict',
        'DATA_AT_STAKE',
        `it would remove or replace ${ids.join(', ')}; nothing was changed`,
      )
    }
    const command = new ExecuteChangeSetCommand({
      StackName: component.stack,
      ChangeSetName: name,
      ClientRequestToken: name,
    })
    await asking(`updating '${component.stack}'`, () => this.cloudFormation.send(command, within(CALL_MS)))
  }

  async serves(component: Of<'infrastructure'>): Promise<boolean> {
    const status = (await this.stack(component))?.StackStatus ?? ''
    return WHOLE.has(status)
  }

  /** The template that the stack was deployed with, under its version: a deployment overwrites its own. */
  async keep(component: Of<'infrastructure'>): Promise<void> {
    const version = await this.inForce(component)
    if (version === undefined || !VERSION.test(version)) return
    await this.templates.create(keyOf(component, version), await this.deployed(component))
  }

  private async compare(component: Of<'infrastructure'>, name: string, to: string, stack: Stack | undefined) {
    const { bucket, region } = this.bucket
    const wanted = (await this.templates.get(keyOf(component, to))) ?? '{}'
    const declared = parametersOf(wanted)
    const command = new CreateChangeSetCommand({
      StackName: component.stack,
      ChangeSetName: name,
      ChangeSetType: 'UPDATE',
      TemplateURL: `https://${bucket}.s3.${region}.amazonaws.com/${keyOf(component, to)}`,
      Capabilities: [...CAPABILITIES],
      Parameters: (stack?.Parameters ?? []).flatMap(({ ParameterKey }) =>
        ParameterKey !== undefined && declared.includes(ParameterKey) ? [{ ParameterKey, UsePreviousValue: true }] : [],
      ),
      Tags: [...(stack?.Tags ?? []).filter(({ Key }) => Key !== ASSEMBLY_TAG), { Key: ASSEMBLY_TAG, Value: to }],
    })
    await asking(`comparing '${component.stack}' with ${to}`, () => this.cloudFormation.send(command, within(CALL_MS)))
  }

  /** Every change, once CloudFormation has found them. Throws PortError('throttled') where that takes longer than one call may. */
  private async compared(component: Of<'infrastructure'>, name: string): Promise<readonly Change[]> {
    const deadlineMs = this.clock.monotonicMs() + COMPARING_MS
    for (;;) {
      const { Status } = (await this.changeSet(component, name)) ?? {}
      if (Status === 'CREATE_COMPLETE') return this.changes(component, name)
      if (Status === 'FAILED')
        // Its reason is in words, which may name anything.
        throw new PortError(
          'conflict',
          'CHANGE_SET_FAILED',
          `CloudFormation cannot bring '${component.stack}' there; its change set '${name}' says why`,
        )
      if (this.clock.monotonicMs() >= deadlineMs)
        throw new PortError('throttled', 'CHANGE_SET_PENDING', `'${name}' is not compared yet; ask again`)
      await this.clock.sleep(LOOK_EVERY_MS)
    }
  }

  private changes(component: Of<'infrastructure'>, name: string): Promise<readonly Change[]> {
    return asking('reading the change set', async () => {
      const changes: Change[] = []
      const asked = { StackName: component.stack, ChangeSetName: name }
      const pages = paginateDescribeChangeSet({ client: this.cloudFormation }, asked, within(CALL_MS))
      for await (const { Changes = [] } of pages) changes.push(...Changes)
      return changes
    })
  }

  private async changeSet({ stack }: Of<'infrastructure'>, name: string) {
    try {
      const command = new DescribeChangeSetCommand({ StackName: stack, ChangeSetName: name })
      return await asking('reading the change set', () => this.cloudFormation.send(command, within(CALL_MS)))
    } catch (error) {
      if (isPortError(error) && error.code.startsWith('ChangeSetNotFound')) return undefined
      throw error
    }
  }

  private async stack({ stack }: Of<'infrastructure'>): Promise<Stack | undefined> {
    try {
      const command = new DescribeStacksCommand({ StackName: stack })
      const { Stacks } = await asking(`reading '${stack}'`, () => this.cloudFormation.send(command, within(CALL_MS)))
      return Stacks?.[0]
    } catch (error) {
      // CloudFormation has no other word for a stack that does not exist, and none else for this call.
      if (isPortError(error) && error.code === 'ValidationError') return undefined
      throw error
    }
  }

  private async deployed({ stack }: Of<'infrastructure'>): Promise<string> {
    const command = new GetTemplateCommand({ StackName: stack, TemplateStage: 'Original' })
    const { TemplateBody = '{}' } = await asking(`reading the template of '${stack}'`, () =>
      this.cloudFormation.send(command, within(CALL_MS)),
    )
    return TemplateBody
  }
}

const VERSION = /^[\w.-]{1,80}$/
const keyOf = ({ stack }: Of<'infrastructure'>, version: string): string =>
  `${TEMPLATES_FOLDER}/${stack}/${version}.json`

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
const CLEANING_UP = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
const WHOLE = new Set([
  'CREATE_COMPLETE',
  'IMPORT_COMPLETE',
  'UPDATE_COMPLETE',
  CLEANING_UP,
  'UPDATE_ROLLBACK_COMPLETE',
])
const isUnderWay = ({ StackStatus }: Stack): boolean =>
  StackStatus !== undefined && StackStatus.endsWith('_IN_PROGRESS') && !WHOLE.has(StackStatus)
const tagOf = ({ Tags = [] }: Stack): string | undefined => Tags.find(({ Key }) => Key === ASSEMBLY_TAG)?.Value

/** The lists of the gate before a deployment: a type that nobody has judged yet counts as one that holds data. */
const holdsData = (type: string): boolean => STATEFUL.includes(type) || !STATELESS.has(type)

function losesData({ ResourceChange }: Change): boolean {
  const { Action, Replacement, ResourceType = '' } = ResourceChange ?? {}
  if (!holdsData(ResourceType)) return false
  return Action === 'Remove' || Action === 'Dynamic' || (Action === 'Modify' && Replacement !== 'False')
}

const resourcesOf = (template: string) => templateSchema.parse(JSON.parse(template)).Resources

const parametersOf = (template: string): readonly string[] => {
  const { Parameters = {} } = JSON.parse(template) as { readonly Parameters?: object }
  return Object.keys(Parameters)
}

import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation'
import type { SynthesizedStack } from './assembly'

/** A resource that CloudFormation says exists. */
export interface DeployedResource {
  readonly stack: string
  readonly region: string
  readonly logicalId: string
  readonly physicalId: string
  readonly type: string
}

/**
 * What CloudFormation holds of every stack. Throws where a stack or a resource is not complete, or where the resources of
 * a stack are not those of its template.
 */
export async function deployedResources(stacks: readonly SynthesizedStack[]): Promise<DeployedResource[]> {
  return (await Promise.all(stacks.map(resourcesOf))).flat()
}

async function resourcesOf({ name, region, template }: SynthesizedStack): Promise<DeployedResource[]> {
  const client = new CloudFormationClient({ region })
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }))
  requireComplete(`the stack ${name}`, Stacks?.[0]?.StackStatus)
  const found: StackResourceSummary[] = []
  for await (const page of paginateListStackResources({ client }, { StackName: name }))
    found.push(...(page.StackResourceSummaries ?? []))
  for (const { LogicalResourceId, ResourceStatus } of found)
    requireComplete(`${LogicalResourceId} of ${name}`, ResourceStatus)
  const [wanted, held] = [Object.keys(template.Resources), found.map(({ LogicalResourceId: id = '' }) => id)]
  if (wanted.toSorted().join() !== held.toSorted().join())
    throw new Error(`${name} holds ${held.length} resources, its template has ${wanted.length}`)
  return found.map((resource) => ({
    stack: name,
    region,
    logicalId: resource.LogicalResourceId ?? '',
    physicalId: resource.PhysicalResourceId ?? '',
    type: resource.ResourceType ?? '',
  }))
}

function requireComplete(what: string, status: string | undefined): void {
  if (status !== 'CREATE_COMPLETE') throw new Error(`${what} is ${status ?? 'missing'}, expected CREATE_COMPLETE`)
}

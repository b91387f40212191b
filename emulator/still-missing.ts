import { setTimeout as sleep } from 'node:timers/promises'
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation'
import type { Json } from '../core/json'
import { MISSING, type Missing } from './resource-types'

/**
 * Throws where MiniStack accepts by now what is listed as missing: the deployment could show more than it does. Its
 * CloudFormation names every type that it does not know; what it refuses for a property alone is created once, by itself.
 */
export async function requireStillMissing(missing = MISSING): Promise<void> {
  const client = new CloudFormationClient({})
  const learned = [...(await learnedTypes(client, missing)), ...(await learnedProperties(client, missing))]
  if (learned.length > 0)
    throw new Error(
      `MiniStack knows ${learned.join(', ')} by now; move it from MISSING to CREATED in emulator/resource-types.ts`,
    )
}

async function learnedTypes(client: CloudFormationClient, missing: readonly Missing[]): Promise<string[]> {
  const types = [...new Set(missing.filter(({ having }) => having === undefined).map(({ type }) => type))]
  const Resources = Object.fromEntries(types.map((Type, i) => [`R${i}`, { Type }]))
  const command = new ValidateTemplateCommand({ TemplateBody: JSON.stringify({ Resources }) })
  const refusal = await client.send(command).then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  const [, list = ''] = /Unrecognized resource types: \[([^\]]*)\]/.exec(refusal) ?? []
  const refused = new Set(list.split(', '))
  return types.filter((type) => !refused.has(type))
}

/** The least that a resource needs beside the property for which it is refused. */
const LEAST: Readonly<Record<string, Readonly<Record<string, Json>>>> = {
  'AWS::CloudWatch::Alarm with Metrics': {
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    Threshold: 1,
    Metrics: [{ Id: 'e', Expression: '1', ReturnData: true }],
  },
}
const LONGEST_MS = 30_000

async function learnedProperties(client: CloudFormationClient, missing: readonly Missing[]): Promise<string[]> {
  const learned: string[] = []
  for (const { type, having } of missing) {
    if (having === undefined) continue
    const name = `${type} with ${having}`
    const Properties = LEAST[name]
    if (!Properties) throw new Error(`emulator/still-missing.ts has no least example of ${name}`)
    if (await creates(client, { Type: type, Properties })) learned.push(name)
  }
  return learned
}

async function creates(client: CloudFormationClient, resource: Json): Promise<boolean> {
  const StackName = 'still-missing'
  const TemplateBody = JSON.stringify({ Resources: { One: resource } })
  await client.send(new CreateStackCommand({ StackName, TemplateBody }))
  for (const endsAt = Date.now() + LONGEST_MS; Date.now() < endsAt; await sleep(100)) {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }))
    const status = Stacks?.[0]?.StackStatus ?? ''
    if (status.endsWith('IN_PROGRESS')) continue
    await client.send(new DeleteStackCommand({ StackName }))
    return status === 'CREATE_COMPLETE'
  }
  throw new Error(`MiniStack neither creates nor refuses ${TemplateBody}`)
}

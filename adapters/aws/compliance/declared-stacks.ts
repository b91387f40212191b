import { GetTemplateCommand, paginateListStacks, type CloudFormationClient } from '@aws-sdk/client-cloudformation'
import type { StackTemplate } from '../../../core/posture/assembly'
import { templateSchema } from '../../../core/posture/template-schema'
import { CALL_MS, within } from '../client-settings'
import { asking } from '../failures'

/** A stack whose resources stand as its template says, or did before a change that failed. */
const STANDING = [
  'CREATE_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
] as const
/** CloudFormation answers a few calls a second; so many templates are read at a time. */
const AT_A_TIME = 4

/**
 * The templates that the stacks of a region were deployed with, of all whose names begin with the prefix: what the account is
 * held to is what CloudFormation was told, whoever changed a resource since.
 */
export async function declaredStacks(
  cloudFormation: CloudFormationClient,
  region: string,
  prefix: string,
): Promise<readonly StackTemplate[]> {
  const names = await asking('cloudformation:ListStacks', async () => {
    const found: string[] = []
    const pages = paginateListStacks({ client: cloudFormation }, { StackStatusFilter: [...STANDING] }, within(CALL_MS))
    for await (const { StackSummaries = [] } of pages)
      for (const { StackName = '' } of StackSummaries) if (StackName.startsWith(prefix)) found.push(StackName)
    return found.toSorted()
  })
  const stacks: StackTemplate[] = []
  for (let at = 0; at < names.length; at += AT_A_TIME)
    stacks.push(...(await Promise.all(names.slice(at, at + AT_A_TIME).map(read))))
  return stacks

  async function read(stack: string): Promise<StackTemplate> {
    const { TemplateBody = '{}' } = await asking('cloudformation:GetTemplate', () =>
      cloudFormation.send(new GetTemplateCommand({ StackName: stack, TemplateStage: 'Original' }), within(CALL_MS)),
    )
    return { stack, region, resources: templateSchema.parse(JSON.parse(TemplateBody)).Resources }
  }
}

import { CloudFormationClient, ValidateTemplateCommand } from '@aws-sdk/client-cloudformation'
import { MISSING } from './resource-types'

/**
 * Throws where MiniStack accepts a type that is listed as missing by now: the deployment could show more than it does.
 * Its CloudFormation names every type that it does not know.
 */
export async function requireStillMissing(missing = MISSING): Promise<void> {
  const types = [...new Set(missing.filter(({ having }) => having === undefined).map(({ type }) => type))]
  const Resources = Object.fromEntries(types.map((Type, i) => [`R${i}`, { Type }]))
  const command = new ValidateTemplateCommand({ TemplateBody: JSON.stringify({ Resources }) })
  const refusal = await new CloudFormationClient({}).send(command).then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  const [, list = ''] = /Unrecognized resource types: \[([^\]]*)\]/.exec(refusal) ?? []
  const refused = new Set(list.split(', '))
  const learned = types.filter((type) => !refused.has(type))
  if (learned.length > 0)
    throw new Error(
      `MiniStack knows ${learned.join(', ')} by now; move it from MISSING to CREATED in emulator/resource-types.ts`,
    )
}

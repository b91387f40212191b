import { readdirSync, existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { clientSettings } from '../adapters/aws/client-settings'
import { settingPairs, VARIABLE } from '../adapters/aws/environment'
import type { LocalWorld } from '../adapters/local/world'
import type { DeployedResource } from './deployed'

/**
 * Points the deployed functions to what MiniStack does not give them: the file of the policy layer, which it does not
 * mount at /opt, and the databases of the local world with their certificate authority. Returns how many got which.
 */
export async function connectFunctions(
  deployed: readonly DeployedResource[],
  { endpointOf: at, primary, replica, folder: worldFolder }: LocalWorld,
  assembly: string,
): Promise<{ readonly policy: number; readonly database: number }> {
  const authorities = join(worldFolder, 'authorities.pem')
  await writeFile(authorities, at(primary).authority)
  const endpointOf = new Map([
    [primary.instance, at(primary)],
    [replica.instance, at(replica)],
  ])
  const policyPath = policyLayerIn(assembly)
  const count = { policy: 0, database: 0 }
  for (const { region, physicalId } of deployed.filter(({ type }) => type === 'AWS::Lambda::Function')) {
    const client = new LambdaClient(clientSettings(region))
    const command = new GetFunctionConfigurationCommand({ FunctionName: physicalId })
    const variables = (await client.send(command)).Environment?.Variables ?? {}
    const endpoint = endpointOf.get(variables[VARIABLE.databaseInstance] ?? '')
    const declared =
      VARIABLE.databases in variables
        ? [...settingPairs(variables, 'databases').keys()].flatMap((instance) => {
            const found = endpointOf.get(instance)
            return found ? [`${instance}=${found.name}:${found.port}`] : []
          })
        : []
    const changed = {
      ...(VARIABLE.policyPath in variables && { [VARIABLE.policyPath]: policyPath }),
      ...(endpoint && {
        [VARIABLE.databaseHost]: endpoint.name,
        [VARIABLE.databasePort]: String(endpoint.port),
      }),
      ...(declared.length > 0 && { [VARIABLE.databases]: declared.join(',') }),
      ...((endpoint ?? declared.length > 0) && { [VARIABLE.databaseAuthorities]: authorities }),
    }
    if (Object.keys(changed).length === 0) continue
    count.policy += VARIABLE.policyPath in variables ? 1 : 0
    count.database += VARIABLE.databaseAuthorities in changed ? 1 : 0
    await client.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: physicalId,
        Environment: { Variables: { ...variables, ...changed } },
      }),
    )
  }
  return count
}

/** The synthesized layer: the same bytes that were deployed. */
function policyLayerIn(assembly: string): string {
  const file = readdirSync(assembly)
    .map((name) => join(assembly, name, 'policy.json'))
    .find((path) => existsSync(path))
  if (!file) throw new Error(`no asset in ${assembly} holds a policy.json; the layer of the functions has another form`)
  return file
}

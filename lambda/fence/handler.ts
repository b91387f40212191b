import { ownDatabaseWorld } from '../../adapters/aws/own-world'
import { rdsFence } from '../../adapters/aws/rds-fence'
import { invocation } from '../invocation'
import { input } from './contract'

const { database, policy } = ownDatabaseWorld(process.env)
const fence = rdsFence(database, policy)

export const handler = invocation('fence', async (event) => {
  const { instance, key, epoch } = input.parse(event)
  return fence.close(instance, { key, epoch })
})

import { ownDatabaseWorld } from '../../adapters/aws/own-world'
import { rdsFence } from '../../adapters/aws/rds-fence'
import { invocation } from '../invocation'
import * as form from './contract'

const { database, policy } = ownDatabaseWorld(process.env)
const fence = rdsFence(database, policy)

export const handler = invocation(form, ({ instance, key, epoch }) => fence.close(instance, { key, epoch }))

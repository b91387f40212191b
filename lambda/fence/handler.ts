import { sessionsWith } from '../../adapters/aws/own-database'
import { ownDatabasesWorld } from '../../adapters/aws/own-world'
import { rdsFence } from '../../adapters/aws/rds-fence'
import { invocation } from '../invocation'
import * as form from './contract'

const { databases, policy } = ownDatabasesWorld(process.env)
const fence = rdsFence(sessionsWith(databases), policy)

export const handler = invocation(form, ({ instance, key, epoch }) => fence.close(instance, { key, epoch }))

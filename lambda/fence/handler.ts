import { sessionsWith } from '../../adapters/aws/own-database'
import { ownDatabasesWorld } from '../../adapters/aws/own-world'
import { rdsFence } from '../../adapters/aws/rds-fence'
import { restoredDatabases } from '../../adapters/aws/restored-databases'
import { invocation } from '../invocation'
import * as form from './contract'

const { databases, policy, region } = ownDatabasesWorld(process.env)
const restored = restoredDatabases(process.env, region, policy.database.name)
const fence = rdsFence(sessionsWith(databases, restored), policy)

export const handler = invocation(form, ({ instance, key, epoch }) => fence.close(instance, { key, epoch }))

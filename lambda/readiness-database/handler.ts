import { ownedDatabase } from '../../adapters/aws/owned-database'
import { invocation } from '../invocation'
import * as form from './contract'

const prepared = ownedDatabase(process.env)

export const handler = invocation(form, prepared)

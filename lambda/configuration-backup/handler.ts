import { configurationBackup } from '../../adapters/aws/configuration-activities'
import { invocation } from '../invocation'
import * as form from './contract'

const backup = configurationBackup(process.env)

export const handler = invocation(form, backup)

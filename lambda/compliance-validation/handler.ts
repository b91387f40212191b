import { complianceValidation } from '../../adapters/aws/compliance-validation'
import { invocation } from '../invocation'
import * as form from './contract'

const validate = complianceValidation(process.env)

export const handler = invocation(form, validate)

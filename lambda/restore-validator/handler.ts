import { restoreValidation } from '../../adapters/aws/restore-validation'
import { invocation } from '../invocation'
import * as form from './contract'

const verify = restoreValidation(process.env)

export const handler = invocation(form, ({ detail }) => verify(detail.restoreJobId))

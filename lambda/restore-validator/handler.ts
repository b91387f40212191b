import { restoreValidation } from '../../adapters/aws/restore-validation'
import { invocation } from '../invocation'
import * as form from './contract'

const { verify, count } = restoreValidation(process.env)

export const handler = invocation(form, (event) => ('detail' in event ? verify(event.detail.restoreJobId) : count()))

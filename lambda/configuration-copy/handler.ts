import { configurationCopy } from '../../adapters/aws/configuration-activities'
import { invocation } from '../invocation'
import * as form from './contract'

const copy = configurationCopy(process.env)

export const handler = invocation(form, ({ time, detail: { name, operation } }) =>
  copy({ name, kind: operation === 'Delete' ? 'removed' : 'put', changedAt: time }),
)

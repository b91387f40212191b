import { containmentBeside } from '../../adapters/aws/containment-beside'
import { tellingFailure } from '../../adapters/aws/told-failure'
import { invocation } from '../invocation'
import * as form from './contract'

const containment = containmentBeside(process.env)

export const handler = invocation(form, ({ task, instance, key }) =>
  tellingFailure(async () =>
    task === 'isolate'
      ? { kind: task, ...(await containment.isolate(instance)) }
      : { kind: task, ...(await containment.revoke(instance, { key })) },
  ),
)

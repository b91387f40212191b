import { restoreWorld } from '../../adapters/aws/configuration-world'
import { answering } from '../../core/access/answer'
import { serveRestore } from '../../core/configuration/restore-call'
import { invocation } from '../invocation'
import * as form from './contract'

const world = restoreWorld(process.env)

export const handler = invocation(form, (call) => answering(() => serveRestore(world, call)))

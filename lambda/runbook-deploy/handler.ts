import { runbookStep } from '../runbook-step'
import * as form from './contract'

export const handler = runbookStep('deploy', form)

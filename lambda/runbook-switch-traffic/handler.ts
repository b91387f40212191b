import { runbookStep } from '../runbook-step'

export const handler = runbookStep('switch-traffic')

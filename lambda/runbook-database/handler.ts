import { runbookStep } from '../runbook-step'

export const handler = runbookStep('database')

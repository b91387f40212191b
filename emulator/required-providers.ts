import { regionFailover } from '../core/runbook/region-failover'
import type { DrillStep } from './drill'

/** What has to answer in a step of the drill, or the step has shown nothing of it. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  decide: ['PostgreSQL'],
  'claim-epoch': ['DynamoDB of MiniStack'],
  'settle-epoch': ['DynamoDB of MiniStack'],
  fence: ['PostgreSQL'],
  confirm: ['PostgreSQL'],
  promote: ['RDS of moto', 'PostgreSQL'],
  prove: ['PostgreSQL'],
  'switch-traffic': ['S3 and Route 53 of MiniStack'],
  validate: ['PostgreSQL'],
  'replay-ledger': ['DynamoDB of MiniStack', 'PostgreSQL'],
  'bring-up': ['stand-in of the application'],
  open: ['PostgreSQL'],
  'promote-secrets': ['secrets in folders'],
  serve: ['stand-in of the application'],
  report: ['S3 and KMS of MiniStack'],
}

/** Throws where a step of the runbook did not run, or ran without what it has to run against. */
export function requireProviders(ran: readonly DrillStep[], required = REQUIRED): void {
  const wrong = regionFailover.steps.flatMap(({ id }) => {
    const [step, needed] = [ran.find(({ step: name }) => name === id), required[id]]
    if (!needed) return [`'${id}' is not in emulator/required-providers.ts`]
    if (!step) return [`'${id}' did not run`]
    const missing = needed.filter((provider) => !step.ranAgainst.includes(provider))
    return missing.length > 0 ? [`'${id}' ran without ${missing.join(', ')}`] : []
  })
  if (wrong.length > 0) throw new Error(`the drill did not go through what it has to show: ${wrong.join('; ')}`)
}

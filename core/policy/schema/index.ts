import { z } from 'zod'
import { applicationTier } from './application-tier'
import { archive } from './archive'
import { assets } from './assets'
import { backup } from './backup'
import { calendar } from './calendar'
import { code } from './code'
import { configuration } from './configuration'
import { dns } from './dns'
import { fileTransfer } from './file-transfer'
import { fingerprint } from './fingerprint'
import { governance } from './governance'
import { health } from './health'
import { imports } from './imports'
import { incidentResponse } from './incident-response'
import { objectLock } from './object-lock'
import { operations } from './operations'
import { people } from './people'
import * as procedure from './procedure'
import * as protection from './protection'
import { readiness } from './readiness'
import { rehearsal } from './rehearsal'
import { releases } from './releases'
import { restoreTesting } from './restore-testing'
import * as topology from './topology'
import { verification } from './verification'

/** The whole policy. Strict everywhere: an unknown key is an error, not a wish. */
export const policySchema = z.strictObject({
  environment: z.enum(['production', 'staging', 'test']).describe('which overlay this is; also part of every name'),
  application: z
    .string()
    .regex(/^[a-z][a-z0-9]{2,20}$/, 'lower-case letters and digits')
    .describe('prefix of every physical name'),
  topology: topology.topology,
  imports,
  database: topology.database,
  dns,
  failover: topology.failover,
  failback: topology.failback,
  incidentResponse,
  applicationTier,
  fileTransfer,
  pace: topology.pace.describe('how fast production notices and acts'),
  rehearsal,
  objectives: procedure.objectives,
  mechanisms: protection.mechanisms,
  residualRisks: z.array(protection.residualRisk),
  backup,
  restoreTesting,
  verification,
  archive,
  assets,
  code,
  configuration,
  evidence: z.strictObject({ lock: objectLock }),
  stores: z.array(protection.store).min(1),
  readiness,
  fingerprint,
  transfers: z.array(protection.transfer),
  rollbacks: procedure.rollbacks,
  releases,
  scenarios: procedure.scenarios,
  testScenarios: procedure.testScenarios,
  dataClasses: procedure.dataClasses,
  encryption: procedure.encryption,
  access: procedure.access,
  people,
  compliance: procedure.compliance,
  calendar,
  contacts: procedure.contacts,
  escalation: procedure.escalation,
  kpis: procedure.kpis,
  operations,
  health,
  governance,
  documentControl: procedure.documentControl,
})

export type Policy = z.infer<typeof policySchema>

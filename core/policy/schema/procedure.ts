import { z } from 'zod'
import { count, date, email, list, minutes, text } from './values'

const rollback = z.strictObject({
  description: text('what it restores'),
  useCases: list('when to use it'),
  downtimeMinutes: z.strictObject({
    expected: minutes('downtime when all goes well'),
    atMost: minutes('downtime budget'),
  }),
})

export const rollbacks = z.strictObject({ full: rollback, partial: rollback, 'config-only': rollback })

export const objectives = z.strictObject({
  rpo: z.strictObject({
    criticalMinutes: minutes('most critical data that may be lost'),
    patientMinutes: minutes('most patient data that may be lost'),
    configurationMinutes: minutes('most configuration that may be lost'),
    staticAssetsMinutes: minutes('most static assets that may be lost'),
  }),
  rto: z.strictObject({
    criticalServicesMinutes: minutes('critical services are back within'),
    fullSystemMinutes: minutes('the full system is back within'),
    dataRecoveryMinutes: minutes('data is recovered within'),
    complianceValidationMinutes: minutes('compliance is validated within'),
  }),
})

const scenario = z.strictObject({
  detection: list('how it is noticed'),
  response: list('what is done at once'),
  recovery: list('what brings service back'),
  validation: list('what proves it'),
})

export const scenarios = z.strictObject({
  'data-center-outage': scenario,
  'database-corruption': scenario,
  'security-incident': scenario,
  'deployment-failure': scenario,
})

export const testScenarios = z.strictObject({
  'database-failure': list('steps in order'),
  'security-incident': list('steps in order'),
  'regional-outage': list('steps in order'),
  'compliance-violation': list('steps in order'),
})

const dataClass = z.strictObject({
  description: text('what belongs to it'),
  protection: z.enum(['maximum', 'high', 'medium', 'standard']).describe('protection level'),
  retentionYears: count('calendar years it is kept'),
})

export const dataClasses = z.strictObject({
  phi: dataClass,
  pii: dataClass,
  financial: dataClass,
  operational: dataClass,
  public: dataClass,
})

export const encryption = z.strictObject({
  atRest: z.strictObject({
    database: text('database'),
    files: text('files'),
    backups: text('backups'),
    storage: text('keys of storage'),
  }),
  inTransit: z.strictObject({
    api: text('API'),
    database: text('database'),
    email: text('e-mail'),
    fileTransfer: text('file transfer'),
  }),
})

export const access = z.strictObject({
  authentication: z.strictObject({
    mfaRequired: z.literal(true).describe('multi-factor authentication is not optional'),
    passwordMinLength: count('shortest password; characters'),
    passwordMixedTypes: z.literal(true).describe('upper, lower, digits and symbols'),
    idleTimeoutMinutes: minutes('inactivity that ends a session'),
    lockoutAfterAttempts: count('failed attempts that lock an account'),
  }),
  authorization: z.strictObject({
    model: z.literal('rbac').describe('role-based access control'),
    leastPrivilege: z.literal(true).describe('nobody may do more than the work needs'),
    justInTimeForSensitive: z.literal(true).describe('sensitive rights are granted for one task'),
    reviewEvery: z.literal('quarter').describe('how often access is reviewed'),
  }),
})

export const compliance = z.strictObject({
  lgpd: z.strictObject({ requirements: list('what must hold'), implementation: list('how it is kept') }),
  anvisa: z.strictObject({ requirements: list('what must hold'), implementation: list('how it is kept') }),
  cfm: z.strictObject({ requirements: list('what must hold'), implementation: list('how it is kept') }),
})

const contact = z.strictObject({ role: text('who'), email: email('where') })

export const contacts = z.strictObject({
  primary: z.array(contact).min(1),
  external: z.array(contact).min(1),
})

export const escalation = z
  .array(
    z.strictObject({
      level: count('order'),
      who: list('who is called, in the words of the procedure'),
      notify: list('contacts whose addresses that means'),
      fromMinutes: z.number().nonnegative().describe('from this age of the incident; minutes'),
      untilMinutes: z
        .union([z.number().positive(), z.literal('open')])
        .describe('until this age of the incident; minutes'),
      when: z.enum(['by-time', 'critical-incident']).describe('what calls this level'),
    }),
  )
  .min(1)

const kpi = z.strictObject({
  target: text('target'),
  measurement: text('how it is measured'),
  alert: text('when it alarms'),
})

export const kpis = z.strictObject({
  availability: z.strictObject({
    ...kpi.shape,
    targetPercent: z.number().min(0).max(100).describe('uptime; percent'),
    alertBelowPercent: z.number().min(0).max(100).describe('alarm below; percent'),
    alertAfterMinutes: minutes('alarm after'),
  }),
  recoveryTime: z.strictObject({
    ...kpi.shape,
    targetMinutes: minutes('from detection to resolution'),
    alertAboveMinutes: minutes('alarm above'),
  }),
  dataIntegrity: z.strictObject({ ...kpi.shape, targetPercent: z.literal(100).describe('target; percent') }),
  compliance: z.strictObject({ ...kpi.shape, targetPercent: z.literal(100).describe('target; percent') }),
})

export const documentControl = z.strictObject({
  version: text('version of the procedure'),
  effectiveDate: date('in force since'),
  reviewDate: date('to be reviewed by'),
  owner: text('owner'),
  approvedBy: list('roles that approve'),
  changesReviewedBy: list('roles that review every change'),
})

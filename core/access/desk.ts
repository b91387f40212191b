import * as z from 'zod/mini'
import { DATA_CLASSES } from '../archive/classes'
import { answerDisposal, disposalStatus, orderAtDesk } from '../archive/disposal-desk'
import { configurationAtDesk, type ConfigurationDeskWorld } from '../configuration/configuration-desk'
import { closeAtDesk, incidentsAtDesk } from '../coordination/incident-desk'
import { markAtDesk } from '../coordination/marker-desk'
import { appendAtDesk, appliedAtDesk, ledgerAtDesk, verifyAtDesk } from '../coordination/ledger-desk'
import { LEDGER_KINDS } from '../ports/database'
import { PortError } from '../ports/errors'
import { releaseSchema } from '../release/release'
import { recordAtDesk, releaseAtDesk, releasesAtDesk, type ReleaseDeskWorld } from '../release/release-desk'
import { wantedRollbackSchema } from '../release/wanted-rollback'
import { planSchema } from '../runbook/plan/failover-plan'
import { applyAtDesk, planAtDesk, type PlanDeskWorld } from '../runbook/plan/plan-desk'
import { applyRollbackAtDesk, planRollbackAtDesk, rollbackResultAtDesk } from '../runbook/rollback/desk'
import { MARKER_NAME, restoreTarget } from '../runbook/restore-target'
import { answerRun, MODES_AT_DESK, runStatus, STARTED_AT_DESK, startRun } from '../runbook/run-desk'
import { answering, type Answer } from './answer'
import { answerElevation, elevationStatus, openElevation, requestElevation, type ElevationWorld } from './elevation'

/** Everything the desk works on for one caller. */
export interface DeskWorld extends ElevationWorld, PlanDeskWorld, ConfigurationDeskWorld, ReleaseDeskWorld {}

const id = z.string().check(z.maxLength(64))
const name = z.string().check(z.regex(/^[\w-]{1,80}$/))
/** No free text: it stands in evidence. */
const causeCode = z.string().check(z.regex(/^[A-Z][A-Z0-9_]{2,60}$/))

const marker = z.string().check(z.regex(MARKER_NAME))

const dataRegion = z.enum(['primary', 'recovery'])
/** Of a setting, or of what lies in a copy. */
const path = z.string().check(z.regex(/^[\w./-]{1,1024}$/))

/** What people can ask of the desk. */
export const deskCall = z.discriminatedUnion('operation', [
  z.strictObject({ operation: z.literal('request'), id, role: z.string(), reference: z.string() }),
  z.strictObject({ operation: z.literal('answer'), id, approve: z.boolean() }),
  z.strictObject({ operation: z.literal('status'), id }),
  z.strictObject({ operation: z.literal('open'), id }),
  z.strictObject({
    operation: z.literal('order-disposal'),
    id,
    dataClass: z.enum(DATA_CLASSES),
    keys: z.array(z.string()),
    lastEntryAt: z.string(),
    commissionReference: z.string(),
  }),
  z.strictObject({ operation: z.literal('answer-disposal'), id, approve: z.boolean() }),
  z.strictObject({ operation: z.literal('disposal-status'), id }),
  z.strictObject({
    operation: z.literal('start-run'),
    id,
    runbook: z.enum(STARTED_AT_DESK),
    mode: z.enum(MODES_AT_DESK),
    incident: name,
    reasonCode: name,
    target: z.optional(restoreTarget),
    region: z.optional(dataRegion),
  }),
  z.strictObject({ operation: z.literal('answer-run'), id, step: name, approve: z.boolean() }),
  z.strictObject({ operation: z.literal('run-status'), id }),
  z.strictObject({ operation: z.literal('plan-failover'), incident: name, reasonCode: causeCode }),
  z.strictObject({ operation: z.literal('apply-plan'), plan: planSchema }),
  z.strictObject({ operation: z.literal('plan-rollback'), wanted: wantedRollbackSchema }),
  z.strictObject({
    operation: z.literal('apply-rollback'),
    wanted: wantedRollbackSchema,
    digest: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    reason: z.string().check(z.maxLength(1000)),
  }),
  z.strictObject({ operation: z.literal('rollback-result'), id }),
  z.strictObject({
    operation: z.literal('configuration-versions'),
    region: dataRegion,
    of: dataRegion,
    setting: z.optional(path),
  }),
  z.strictObject({ operation: z.literal('show-configuration'), region: dataRegion, key: path }),
  z.strictObject({ operation: z.literal('plan-configuration'), region: dataRegion, key: path }),
  z.strictObject({
    operation: z.literal('restore-configuration'),
    region: dataRegion,
    key: path,
    digest: name,
    reasonCode: causeCode,
  }),
  z.strictObject({
    operation: z.literal('append-ledger'),
    id: name,
    kind: z.enum(LEDGER_KINDS),
    subjectId: name,
    // Three fields of at most 200 characters, encrypted and in base64.
    sealed: z.optional(z.string().check(z.maxLength(8192))),
  }),
  z.strictObject({ operation: z.literal('ledger-applied'), id: name }),
  z.strictObject({ operation: z.literal('list-ledger') }),
  z.strictObject({ operation: z.literal('verify-ledger') }),
  z.strictObject({ operation: z.literal('set-marker'), name: marker }),
  z.strictObject({
    operation: z.literal('record-release'),
    tag: releaseSchema.shape.tag,
    commit: releaseSchema.shape.commit,
    recoveryPoint: z.optional(marker),
  }),
  z.strictObject({ operation: z.literal('list-releases'), most: z.int().check(z.minimum(1), z.maximum(100)) }),
  z.strictObject({ operation: z.literal('show-release'), release: releaseSchema.shape.tag }),
  z.strictObject({ operation: z.literal('list-incidents') }),
  z.strictObject({ operation: z.literal('close-incident'), id: name, causeCode }),
])
export type DeskCall = z.infer<typeof deskCall>

/** Answers one call of a person. Refusals are answers; what is a mistake of ours is thrown. */
export const atDesk = (enter: () => Promise<DeskWorld> | DeskWorld, text: string): Promise<Answer> =>
  answering(async () => {
    const call = deskCall.safeParse(parsed(text))
    if (!call.success) throw new PortError('invalid', 'CALL_FORM', 'the call is of no form that is known here')
    return serve(await enter(), call.data)
  })

async function serve(world: DeskWorld, call: DeskCall): Promise<unknown> {
  switch (call.operation) {
    case 'request':
      return requestElevation(world, { id: call.id, role: call.role, reference: call.reference })
    case 'answer':
      return answerElevation(world, call.id, call.approve)
    case 'status':
      return elevationStatus(world, call.id)
    case 'open':
      return openElevation(world, call.id)
    case 'order-disposal': {
      const { operation: _, ...wanted } = call
      return orderAtDesk(world, wanted)
    }
    case 'answer-disposal':
      return answerDisposal(world, call.id, call.approve)
    case 'disposal-status':
      return disposalStatus(world, call.id)
    case 'start-run': {
      const { operation: _, ...wanted } = call
      return startRun(world, wanted)
    }
    case 'answer-run':
      return answerRun(world, call)
    case 'run-status':
      return runStatus(world, call.id)
    case 'plan-failover':
      return planAtDesk(world, call)
    case 'apply-plan':
      return applyAtDesk(world, call.plan)
    case 'plan-rollback':
      return planRollbackAtDesk(world, call.wanted)
    case 'apply-rollback':
      return applyRollbackAtDesk(world, call)
    case 'rollback-result':
      return rollbackResultAtDesk(world, call.id)
    case 'configuration-versions':
    case 'show-configuration':
    case 'plan-configuration':
    case 'restore-configuration':
      return configurationAtDesk(world, call)
    case 'append-ledger': {
      const { operation: _, ...wanted } = call
      return appendAtDesk(world, wanted)
    }
    case 'ledger-applied':
      return appliedAtDesk(world, call.id)
    case 'list-ledger':
      return ledgerAtDesk(world)
    case 'verify-ledger':
      return verifyAtDesk(world)
    case 'set-marker':
      return markAtDesk(world, call.name)
    case 'record-release':
      return recordAtDesk(world, call)
    case 'list-releases':
      return releasesAtDesk(world, call)
    case 'show-release':
      return releaseAtDesk(world, call)
    case 'list-incidents':
      return incidentsAtDesk(world)
    case 'close-incident':
      return closeAtDesk(world, call)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import * as z from 'zod/mini'
import { contentHash } from '../../evidence/hash'
import type { Json } from '../../json'
import { PortError } from '../../ports/errors'
import { PROCEDURES } from '../../procedure/printed'
import type { RunState } from '../model'
import type { MoveInput } from '../steps/input'
import { factsOf } from './facts'
import type { Preview } from './previews'

const VERSION = 1

const line = z.string().check(z.maxLength(1000))
const moment = z.iso.datetime()
/** A plan as a file holds it. A later form has another version, and this one is refused then. */
export const planSchema = z.strictObject({
  version: z.literal(VERSION),
  runbook: z.literal('region-failover'),
  environment: line,
  incident: line,
  reasonCode: line,
  createdAt: moment,
  expiresAt: moment,
  /** Age of the last heartbeat that the successor holds: what a failover would lose now. Null where it was not seen. */
  expectedLossSeconds: z.nullable(z.number()),
  facts: z.record(line, z.nullable(z.union([z.string().check(z.maxLength(1000)), z.number()]))),
  steps: z.array(
    z.strictObject({ id: line, title: line, approval: line, undo: line, precondition: line, isSeen: z.boolean() }),
  ),
  hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
})
export type FailoverPlan = z.infer<typeof planSchema>

interface PlanRequest {
  /** The run as it would start, and what its steps would do. */
  readonly fresh: RunState<MoveInput>
  readonly previews: ReadonlyMap<string, Preview>
  readonly policyHash: string
  readonly now: Date
  readonly expiresSeconds: number
}

/** A plan from what a dry run saw. Pure: the same seen at the same moment is the same plan. */
export function makePlan({ fresh, previews, policyHash, now, expiresSeconds }: PlanRequest): FailoverPlan {
  const { input } = fresh
  const plan: Omit<FailoverPlan, 'hash'> = {
    version: VERSION,
    runbook: 'region-failover',
    environment: input.environment,
    incident: input.incidentId,
    reasonCode: input.reasonCode,
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + expiresSeconds * 1000).toISOString(),
    expectedLossSeconds: lossSeconds(previews.get('confirm'), now),
    facts: { ...factsOf(input, policyHash, previews) },
    steps: stepsOf('region-failover').map(({ id, title, approval, undo }) => {
      const preview = previews.get(id) ?? { notSeen: 'NOT_LOOKED_AT' }
      const isSeen = 'seen' in preview
      return { id, title, approval, undo, isSeen, precondition: isSeen ? told(preview.seen) : preview.notSeen }
    }),
  }
  return { ...plan, hash: contentHash(plan) }
}

/** Throws PortError('invalid') for a plan that was changed since it was made, ('conflict') for one whose time is over. */
export function requireUsable({ hash, ...plan }: FailoverPlan, now: Date): void {
  if (contentHash(plan) !== hash)
    throw new PortError(
      'invalid',
      'PLAN_DAMAGED',
      'the plan is not what was made: its hash is another; make a new plan',
    )
  if (Date.parse(plan.expiresAt) <= now.getTime())
    throw new PortError('conflict', 'PLAN_EXPIRED', `the plan expired at ${plan.expiresAt}; make a new plan`)
}

const stepsOf = (runbook: FailoverPlan['runbook']) => PROCEDURES.find(({ name }) => name === runbook)?.steps ?? []

function lossSeconds(preview: Preview | undefined, now: Date): number | null {
  if (!preview || !('seen' in preview)) return null
  const { at } = preview.seen as { readonly at?: string | null }
  return at ? Math.max(0, (now.getTime() - Date.parse(at)) / 1000) : null
}

/** Long lists are cut: a plan is read by people, and the run looks for itself. */
const told = (seen: Json): string => JSON.stringify(seen).slice(0, 500)

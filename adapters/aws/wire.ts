import * as z from 'zod/mini'
import type { FindingCode } from '../../core/integrity/compare'
import { restoreTarget } from '../../core/runbook/restore-target'
import { toldFailure } from './told-failure'

/** What our functions say to each other. Schemas only, so that contracts and adapters share them. */

export const instanceRef = z.object({ region: z.string(), instance: z.string() })

export const fenceRequest = z.object({ instance: instanceRef, key: z.string(), epoch: z.number() })

export const fenceOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('fenced'),
    rolesRefused: z.readonly(z.array(z.string())),
    sessionsTerminated: z.number(),
    writtenUpTo: z.string(),
  }),
  z.object({ kind: z.literal('not-proven'), rolesStillWriting: z.readonly(z.array(z.string())) }),
  z.object({ kind: z.literal('unreachable') }),
])

const writerEpoch = z.object({
  epoch: z.number(),
  holder: z.string(),
  instance: z.optional(z.string()),
  raisedBy: z.string(),
  continues: z.number(),
  handsBack: z.optional(z.number()),
})

const tableBaseline = z.object({
  table: z.string(),
  upToId: z.optional(z.string()),
  rows: z.string(),
  hash: z.string(),
  columns: z.optional(z.string()),
})
/** Content of tables, as a baseline keeps it. */
export const tableBaselines = z.readonly(z.array(tableBaseline))

/** What the function next to the database is asked to prepare. */
export const preparationRequest = z.discriminatedUnion('task', [
  z.object({ task: z.literal('prepare'), epoch: writerEpoch }),
  z.object({ task: z.literal('baseline'), held: z.optional(tableBaselines), recordedAt: z.optional(z.string()) }),
])
export type PreparationRequest = z.infer<typeof preparationRequest>

const names = z.readonly(z.array(z.string()))

export const preparationAnswer = z.discriminatedUnion('task', [
  z.object({
    task: z.literal('prepare'),
    protectedTables: z.number(),
    missingTables: names,
    unprotectedTables: names,
    rolesNotClosed: names,
    privilegesMissing: names,
    deadMan: z.enum(['scheduled', 'missing']),
    commitTimes: z.enum(['kept', 'off']),
  }),
  z.object({
    task: z.literal('baseline'),
    tables: tableBaselines,
    differing: z.optional(names),
    /** Tables of which the server says that their pages are damaged. */
    damaged: z.optional(names),
    /** Number of the first transaction since then that has rewritten such rows. */
    rewrittenBy: z.optional(z.string()),
  }),
])
export type PreparationAnswer = z.infer<typeof preparationAnswer>

/** Whose health a probe asks for: the primary region's own, or what clients are served. */
export const probeRequest = z.object({ of: z.enum(['primary', 'served']) })

/** What one observer saw; `since` where it knows how long that has been so, `heartbeatAt` where it reads a database that has one. */
export const observation = z.object({
  verdict: z.enum(['up', 'down', 'unknown']),
  observedAt: z.string(),
  since: z.optional(z.string()),
  heartbeatAt: z.optional(z.string()),
})
export type Observation = z.infer<typeof observation>

/** What a database told the function beside it. */
export const databaseHealth = z.discriminatedUnion('reads', [
  z.object({ reads: z.literal(false), code: z.string() }),
  z.object({
    reads: z.literal(true),
    replica: z.boolean(),
    writes: z.optional(z.boolean()),
    heartbeatAt: z.optional(z.string()),
    receives: z.optional(z.enum(['up', 'down', 'unknown'])),
  }),
])

/** A moment that a database is asked for, and what it knows of it. */
export const momentRequest = z.object({ instance: instanceRef, target: restoreTarget })
export const momentAnswer = z.object({ at: z.optional(z.string()) })

/** How often one place asked for what clients are served, and how often it was answered well. */
export const attempts = z.object({ asked: z.number(), answered: z.number() })

const place = z.enum(['recovery', 'witness'])

/** Questions the coordination reader answers. */
export const relayRequest = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('get'), place, key: z.string() }),
  z.object({ verb: z.literal('list'), place, prefix: z.string(), after: z.optional(z.string()) }),
])
export type RelayRequest = z.infer<typeof relayRequest>

/** Items in key order, `next` where more follow; or how asking the store failed. */
export const relayAnswer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('items'),
    items: z.array(z.object({ key: z.string(), value: z.json(), version: z.string() })),
    next: z.optional(z.string()),
  }),
  toldFailure,
])
export type RelayAnswer = z.infer<typeof relayAnswer>

const stored = { key: z.string(), value: z.json() }

/** What the journal relay is asked: to read, as the reader is, or to write on the store's own conditions. */
export const journalRequest = z.union([
  relayRequest,
  z.discriminatedUnion('verb', [
    z.object({ verb: z.literal('create'), ...stored }),
    z.object({ verb: z.literal('replace'), ...stored, version: z.string() }),
  ]),
])
export type JournalRequest = z.infer<typeof journalRequest>

export const journalAnswer = z.union([
  relayAnswer,
  z.object({ kind: z.literal('written'), outcome: z.enum(['created', 'exists', 'replaced', 'stale']) }),
])
export type JournalAnswer = z.infer<typeof journalAnswer>

/** What the function next to a database is asked when that is attacked. */
export const containmentRequest = z.object({
  task: z.enum(['isolate', 'revoke']),
  instance: instanceRef,
  key: z.string(),
})
export type ContainmentRequest = z.infer<typeof containmentRequest>

export const containmentAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('isolate'), connectionsEnded: z.number() }),
  z.object({ kind: z.literal('revoke'), roles: names, sessionsEnded: z.number() }),
  toldFailure,
])
export type ContainmentAnswer = z.infer<typeof containmentAnswer>

const table = z.string().check(z.maxLength(260))
const block = z.int().check(z.nonnegative())
const after = z.optional(z.string().check(z.regex(/^[0-9A-F]+\/[0-9A-F]+$/)))
export const tablePart = z.object({ table, from: block, to: block })

/** What the function beside a database reads of it for a comparison. */
export const contentRequest = z.discriminatedUnion('read', [
  z.object({ read: z.literal('sizes'), instance: instanceRef }),
  z.object({
    read: z.literal('ranges'),
    instance: instanceRef,
    part: tablePart,
    count: z.int().check(z.positive()),
    after,
  }),
  z.object({ read: z.literal('rows'), instance: instanceRef, table, blocks: z.readonly(z.array(block)), after }),
  z.object({ read: z.literal('catalog'), instance: instanceRef, after }),
  z.object({ read: z.literal('pace'), instance: instanceRef }),
])
export type ContentRequest = z.infer<typeof contentRequest>

const around = { oldest: z.string(), next: z.string(), position: z.string() }
const verdict = z.enum(['pass', 'fail', 'inconclusive'])
/** A finding as `core/integrity/compare` has it. */
export const integrityFinding = z.object({
  code: z.string() as unknown as z.ZodMiniType<FindingCode, FindingCode>,
  object: z.string(),
  verdict,
  detail: z.optional(z.string()),
})

export const contentAnswer = z.union([
  z.discriminatedUnion('read', [
    z.object({
      read: z.literal('sizes'),
      tables: z.readonly(z.array(z.object({ table, bytes: z.number(), blocks: z.number(), divisible: z.boolean() }))),
    }),
    z.object({
      read: z.literal('ranges'),
      found: z.union([
        z.object({
          columns: z.string(),
          ranges: z.readonly(z.array(z.object({ from: block, to: block, rows: z.string(), hash: z.string() }))),
        }),
        z.object({ unread: z.string() }),
      ]),
    }),
    z.object({
      read: z.literal('rows'),
      ...around,
      rows: z.readonly(z.array(z.object({ place: z.string(), version: z.string(), hash: z.string() }))),
    }),
    z.object({
      read: z.literal('catalog'),
      ...around,
      catalog: z.record(z.string(), z.readonly(z.array(z.object({ object: z.string(), hash: z.string() })))),
      sequences: z.readonly(
        z.array(
          z.object({
            sequence: z.string(),
            increment: z.string(),
            cache: z.string(),
            cycles: z.boolean(),
            value: z.string(),
            called: z.boolean(),
          }),
        ),
      ),
      checksums: z.readonly(z.array(integrityFinding)),
    }),
    z.object({ read: z.literal('pace'), indexes: z.record(z.string(), z.string()), milliseconds: z.number() }),
  ]),
  toldFailure,
])
export type ContentAnswer = z.infer<typeof contentAnswer>

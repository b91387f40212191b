import { z } from 'zod'

export const NOT_MEASURED = 'not measured'

const seconds = z.number().nonnegative().nullable()
const count = z.int().nonnegative().nullable()

/** One promise of the policy and what became of it. Numbers carry their unit in the name. */
const objective = z
  .strictObject({
    name: z.string(),
    target: z.union([z.number(), z.string()]),
    measured: z.union([z.number(), z.string()]),
    met: z.boolean(),
  })
  .refine(({ measured, met }) => measured !== NOT_MEASURED || !met, 'what was not measured cannot be met')

const artefact = z.strictObject({ name: z.string(), path: z.string(), sha256: z.string() })

/** What every drill answers, whatever it rehearsed. Null: not measured. */
export const drillResultSchema = z
  .strictObject({
    drill: z.string(),
    verdict: z.enum(['pass', 'fail', 'inconclusive']),
    objectives: z.array(objective),
    measurements: z.strictObject({
      outageSeconds: seconds,
      detectSeconds: seconds,
      fenceSeconds: seconds,
      promoteSeconds: seconds,
      switchSeconds: seconds,
      reconnectSeconds: seconds,
      rpoSeconds: seconds,
      acknowledged: count,
      lost: count,
      ghost: count,
      unknown: count,
      /** From the fault to the end of a validation that found everything restored; for drills that have one. */
      validatedSeconds: seconds.optional(),
    }),
    steps: z.array(
      z.strictObject({
        name: z.string(),
        title: z.string(),
        outcome: z.string(),
        attempts: z.int().nonnegative(),
        startedAt: z.iso.datetime().nullable(),
        seconds,
      }),
    ),
    evidence: z.array(
      z.strictObject({
        id: z.string(),
        region: z.string(),
        sequence: z.int().nonnegative(),
        hash: z.string(),
        /** Files beside the report whose hashes the record carries. */
        artefacts: z.array(artefact),
      }),
    ),
    /** Path of the HTML report, or null where none could be written. */
    report: z.string().nullable(),
    /** What closes the drill, and until when: it is open until its lessons are recorded. */
    lessons: z.strictObject({ drill: z.string(), template: z.string(), dueOn: z.iso.date() }).optional(),
  })
  .refine(
    ({ verdict, objectives }) => verdict !== 'pass' || (objectives.length > 0 && objectives.every(({ met }) => met)),
    'a drill passes only when every objective is met, and there is at least one',
  )

/** Of a drill in which no client was without service, and no transaction was lost: neither was looked at. */
export const NOTHING_MEASURED = {
  outageSeconds: null,
  detectSeconds: null,
  fenceSeconds: null,
  promoteSeconds: null,
  switchSeconds: null,
  reconnectSeconds: null,
  rpoSeconds: null,
  acknowledged: null,
  lost: null,
  ghost: null,
  unknown: null,
} as const

export type DrillResult = z.infer<typeof drillResultSchema>
export type Artefact = z.infer<typeof artefact>
export type Objective = DrillResult['objectives'][number]

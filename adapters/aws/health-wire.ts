import * as z from 'zod/mini'

/** What the function that looks at the health is asked: to look, or what its looks of the last days came to. */
export const healthRequest = z.looseObject({
  ask: z.optional(z.literal('history')),
  days: z.optional(z.int().check(z.positive())),
})

const verdict = z.enum(['unhealthy', 'unknown', 'degraded', 'healthy'])
const serving = z.enum(['up', 'down', 'unknown'])

/** A look, without what each finding means, which whoever asks knows. */
export const healthAnswer = z.object({
  region: z.string(),
  at: z.string(),
  verdict,
  serving,
  checks: z.readonly(
    z.array(
      z.object({
        check: z.string(),
        verdict,
        looked: z.number(),
        findings: z.readonly(
          z.array(
            z.object({ code: z.string(), subject: z.string(), detail: z.readonly(z.record(z.string(), z.unknown())) }),
          ),
        ),
        unseen: z.readonly(z.array(z.string())),
      }),
    ),
  ),
  notExpected: z.readonly(z.array(z.string())),
})
export type HealthAnswer = z.output<typeof healthAnswer>

export const historyAnswer = z.object({
  region: z.string(),
  looks: z.readonly(z.array(z.object({ at: z.string(), verdict, serving, findings: z.readonly(z.array(z.string())) }))),
  availability: z.object({
    windowSeconds: z.number(),
    upSeconds: z.number(),
    downSeconds: z.number(),
    unknownSeconds: z.number(),
    availablePercent: z.nullable(z.number()),
    provenPercent: z.number(),
    target: z.enum(['met', 'missed', 'unknown']),
  }),
})
export type HistoryAnswer = z.output<typeof historyAnswer>

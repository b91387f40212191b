import { z } from 'zod'

/** A template of CloudFormation, as far as its posture goes. */
export const templateSchema = z.looseObject({
  Resources: z
    .record(
      z.string(),
      z.looseObject({
        Type: z.string(),
        Properties: z.record(z.string(), z.json()).optional(),
        DeletionPolicy: z.string().optional(),
        UpdateReplacePolicy: z.string().optional(),
        Condition: z.string().optional(),
      }),
    )
    .default({}),
})

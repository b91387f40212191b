import { z } from 'zod'

/** Building blocks: a unit in the description, a range that makes sense, nothing else. */
export const minutes = (what: string) => z.number().positive().describe(`${what}; minutes`)
export const seconds = (what: string) => z.number().positive().describe(`${what}; seconds`)
export const days = (what: string) => z.number().int().positive().describe(`${what}; days`)
export const count = (what: string) => z.number().int().positive().describe(`${what}; count`)
export const text = (what: string) => z.string().trim().min(1).describe(what)
export const list = (what: string) => z.array(z.string().trim().min(1)).min(1).describe(what)
export const email = (what: string) => z.email().describe(`${what}; e-mail address`)
export const date = (what: string) => z.iso.date().describe(`${what}; calendar date`)
export const awsRegion = (what: string) =>
  z
    .string()
    .regex(/^[a-z]{2}-[a-z]+-\d$/, 'an AWS region such as sa-east-1')
    .describe(what)
export const keyArn = (what: string) =>
  z
    .string()
    .regex(/^arn:aws:kms:[a-z]{2}-[a-z]+-\d:\d{12}:key\/[\w-]+$/, 'the ARN of a KMS key, not of an alias')
    .describe(what)
export const timeOfDay = (what: string) =>
  z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 02:00')
    .describe(`${what}; hours and minutes`)
export const cron = (what: string) =>
  z
    .string()
    .regex(/^cron\(.+\)$/, 'an AWS cron expression')
    .describe(`${what}; AWS cron`)
/** A sentence that costs something to write: opting out of a protection needs one. */
export const reason = (what: string) => z.string().trim().min(20, 'a reason of at least 20 characters').describe(what)

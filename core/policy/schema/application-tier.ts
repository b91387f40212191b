import { z } from 'zod'
import { count, reason, seconds, text } from './values'

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,30}$/, 'lower-case letters, digits and hyphens')
  .describe('name of the hook; part of its key and of the evidence')

/** One thing that has to be brought up in the recovery region before the application serves there. */
const hook = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('scale-ecs-service').describe('how the application is brought up'),
    name,
    cluster: text('ECS cluster of the recovery region'),
    service: text('ECS service that stands by'),
    desiredCount: count('tasks that have to run'),
  }),
  z.strictObject({
    kind: z.literal('flip-deployment').describe('how the application is brought up'),
    name,
    function: text('Lambda function of the recovery region'),
    alias: text('alias that is served'),
    toAlias: text('alias of the version that has to be served after a failover'),
  }),
  z.strictObject({
    kind: z.literal('invoke-function').describe('how the application is brought up'),
    name,
    function: text('Lambda function of the recovery region that brings it up, and says when it is well'),
  }),
])

/** What a failover does with the application besides moving its traffic. Its state travels with the run, so hooks are few. */
export const applicationTier = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('hooks').describe('whether a failover brings the application up'),
    hooks: z.array(hook).min(1).max(8),
    healthySeconds: seconds('longest time until all of it is well, once the database is open'),
  }),
  z.strictObject({
    mode: z.literal('none').describe('whether a failover brings the application up'),
    reason: reason('why nothing has to be brought up'),
  }),
])

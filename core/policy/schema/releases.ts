import { z } from 'zod'
import { days, seconds, text } from './values'

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,30}$/, 'lower-case letters, digits and hyphens')
  .describe('name of the component; part of every release')

const dependsOn = z.array(z.string()).describe('components without which it does not serve')

/** What is deployed, and so put back, as one. */
const component = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('configuration').describe('how it is put back: settings, as they were at the release'),
    name,
    dependsOn,
  }),
  z.strictObject({
    kind: z.literal('migrations').describe('how it is put back: the schema of the database, by its own migrations'),
    name,
    dependsOn,
    function: text("Lambda function of the platform that tells the schema's level, and moves it"),
  }),
  z.strictObject({
    kind: z.literal('function').describe('how it is put back: an alias that names another version'),
    name,
    dependsOn,
    function: text('Lambda function that is served'),
    alias: text('alias that its callers use'),
  }),
  z.strictObject({
    kind: z.literal('deployment').describe('how it is put back: a deployment of Vercel, made the current one again'),
    name,
    dependsOn,
    team: text('team at Vercel that owns the project, by its slug'),
    project: text('project at Vercel'),
    tokenSecret: text('secret with the token of its API, in Secrets Manager'),
  }),
  z.strictObject({
    kind: z.literal('assets').describe('how it is put back: a pointer that names the folder which is served'),
    name,
    dependsOn,
    pointer: text('object of the bucket of assets that holds the name of the folder'),
  }),
  z.strictObject({
    kind: z.literal('infrastructure').describe('how it is put back: a stack, by the template of its release'),
    name,
    dependsOn,
    stack: text('CloudFormation stack of the platform; several stacks are several components'),
  }),
])

/** From asking for a version of a kind to its being in force, as a rule: what the downtime of a rollback is planned with. */
const putBackSeconds = z.strictObject({
  configuration: seconds('until settings are put back'),
  migrations: seconds('until the schema is put back'),
  function: seconds('until an alias is put back'),
  deployment: seconds('until a deployment is put back'),
  assets: seconds('until static assets are put back'),
  infrastructure: seconds('until stacks are put back'),
})

/** What the platform is released as, and how a bad release is put back. The budgets are in `rollbacks`. */
export const releases = z.strictObject({
  components: z.array(component).min(1).max(8),
  putBackSeconds,
  healthySeconds: seconds('longest time until a component that was put back serves'),
  monitorSeconds: seconds('how long a platform that was rolled back is watched; it ends sooner where it fails'),
  reviewDays: days('until a rollback that nobody approved beforehand is reviewed').max(45),
})

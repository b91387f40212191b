import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { DESK_FUNCTION, OWN_EVIDENCE, withPolicy } from '../contract'

/**
 * A call at the function's URL. Lambda has verified the signature before: `userArn` is the caller.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export const input = z.looseObject({
  requestContext: z.looseObject({
    authorizer: z.looseObject({ iam: z.looseObject({ userArn: z.string() }) }),
  }),
  // A disposal names a thousand objects at most, each under a key of at most 1,024 bytes.
  body: z.optional(z.string().check(z.maxLength(1_100_000))),
  isBase64Encoded: z.boolean(),
})

export const output = z.object({ statusCode: z.number(), headers: z.record(z.string(), z.string()), body: z.string() })

/**
 * Where people ask, answer and open what needs a second person: a role for one task, a disposal, a run of a runbook. And
 * where they close incidents, set markers, record releases and keep the erasure ledger, since it knows who calls.
 */
export const contract = withPolicy({
  name: DESK_FUNCTION,
  places: ['recovery'],
  network: 'none',
  timeoutSeconds: 30,
  url: 'signed',
  environment: [
    VARIABLE.recoveryTable,
    VARIABLE.witnessTable,
    VARIABLE.runbookMachines,
    VARIABLE.primaryInstance,
    VARIABLE.replicaInstance,
    VARIABLE.rebuiltInstance,
    ...OWN_EVIDENCE.environment,
  ],
  permissions: [
    ...(['recovery-coordination-table', 'witness-coordination-table'] as const).map((on) => ({
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      on,
      leadingKeys: ['elevations', 'approvals', 'disposals', 'incidents', 'markers', 'releases', 'erasure-ledger'],
    })),
    // The journal of runs: the one way a run comes to exist. The sealed fields of corrections lie in this region alone.
    {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      on: 'recovery-coordination-table',
      leadingKeys: ['runs', 'corrections'],
    },
    ...(['recovery-coordination-table', 'witness-coordination-table'] as const).map((on) => ({
      actions: ['dynamodb:Query'],
      on,
      leadingKeys: ['incidents', 'erasure-ledger'],
    })),
    // For plans: they look ahead in a dry run, and believe the journal alone when it is none.
    { actions: ['lambda:InvokeFunction'], on: 'own-runbook-functions' },
    { actions: ['states:StartExecution'], on: 'every-runbook-machine' },
    { actions: ['lambda:InvokeFunction'], on: 'configuration-restore-functions' },
    { actions: ['lambda:InvokeFunction'], on: 'release-reader-functions' },
    { actions: ['sts:AssumeRole', 'sts:SetSourceIdentity'], on: 'elevated-roles' },
    ...OWN_EVIDENCE.permissions,
  ],
})

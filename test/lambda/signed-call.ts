import type { HumanRoleName } from '../../core/access/human-roles'
import { humanRoleName } from '../../core/policy/names'
import { resolvePolicy } from '../../policy'

const policy = resolvePolicy('test')

/** As Lambda hands over a signed request at a URL (Lambda developer guide, "Invoking Lambda function URLs"). */
export const signedCall = (role: string, session: string, body: unknown, account = policy.topology.accountId) => ({
  version: '2.0',
  rawPath: '/',
  headers: { 'content-type': 'application/json' },
  requestContext: {
    accountId: 'anonymous',
    authorizer: {
      iam: {
        accountId: account,
        callerId: `AROAEXAMPLE:${session}`,
        userArn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
      },
    },
    http: { method: 'POST', path: '/', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'recovery' },
  },
  body: JSON.stringify(body),
  isBase64Encoded: false,
})

/** The same for a person in one of the roles of people. */
export const callOf = (role: HumanRoleName, person: string, body: unknown) =>
  signedCall(humanRoleName(policy, role), person, body)

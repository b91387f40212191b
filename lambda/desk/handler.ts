import { deskOf } from '../../adapters/aws/desk'
import { atDesk } from '../../core/access/desk'
import { invocation } from '../invocation'
import * as form from './contract'

const desk = deskOf(process.env)

export const handler = invocation(form, async ({ requestContext, body = '', isBase64Encoded }) => {
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body
  const answer = await atDesk(() => desk(requestContext.authorizer.iam.userArn), text)
  return {
    statusCode: answer.status,
    // Credentials may stand in it: nothing on the way keeps a copy.
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(answer.body),
  }
})

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { callDesk } from '../../../adapters/aws/desk-client'
import { resolvePolicy } from '../../../policy'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const policy = resolvePolicy('production')
const call = { operation: 'status', id: 'i-7' } as const

/** Every request that reached the desk, as its headers and its body. */
const seen: { readonly authorization: string; readonly body: string }[] = []
let desk: Server
let answer = { status: 200, type: 'application/json', body: '{"decision":"pending"}' }
beforeEach(async () => {
  seen.length = 0
  answer = { status: 200, type: 'application/json', body: '{"decision":"pending"}' }
  desk = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      seen.push({ authorization: request.headers.authorization ?? '', body: Buffer.concat(chunks).toString() })
      response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve))
  aws.current.lambda.urls.set('neonpro-production-desk', `http://127.0.0.1:${(desk.address() as AddressInfo).port}/`)
})
afterEach(() => new Promise((resolve) => desk.close(resolve)))

it('signs the call for Lambda in the recovery region', async () => {
  expect(await callDesk(policy, process.env, call)).toEqual({ decision: 'pending' })
  expect(seen).toEqual([
    {
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=fake\/\d{8}\/eu-west-1\/lambda\/aws4_request, SignedHeaders=content-type;host;/,
      ),
      body: JSON.stringify(call),
    },
  ])
})

it.each([
  [403, 'denied', 'ELEVATION_NOT_APPROVED'],
  [409, 'conflict', 'ELEVATION_OVER'],
  [503, 'unreachable', 'ELEVATION_RACED'],
])('gives back what the desk refuses with %i', async (status, failure, code) => {
  answer = { status, type: 'application/json', body: JSON.stringify({ code, message: 'why' }) }
  await expect(callDesk(policy, process.env, call)).rejects.toMatchObject({ failure, code, message: 'why' })
})

it('says so where the desk does not answer as one', async () => {
  answer = { status: 502, type: 'text/plain', body: 'Internal Server Error' }
  await expect(callDesk(policy, process.env, call)).rejects.toMatchObject({
    failure: 'unreachable',
    code: 'DESK_FAILED',
  })
  desk.closeAllConnections()
  await new Promise((resolve) => desk.close(resolve))
  await expect(callDesk(policy, process.env, call)).rejects.toMatchObject({ code: 'DESK_UNREACHABLE' })
})

it('sends nothing to a URL that is none of Lambda', async () => {
  aws.current.lambda.urls.set('neonpro-production-desk', 'https://desk.example.org/')
  await expect(callDesk(policy, process.env, call)).rejects.toMatchObject({ failure: 'denied', code: 'DESK_FOREIGN' })
  expect(seen).toEqual([])
})

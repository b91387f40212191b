import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { seeHandshake } from '../../../adapters/net/handshake'
import { askName } from '../../../adapters/net/served-name'
import { askPage } from '../../../adapters/net/served-page'
import { startDnsServer } from '../../../adapters/local/dns-server'
import { isPortError } from '../../../core/ports/errors'
import { startPage, startTls } from './servers'

const NAME = 'api.neonpro.test'
const AT = { host: '127.0.0.1', speaks: 'tls', deadlineMs: 10_000 } as const
const failureOf = (work: Promise<unknown>) =>
  work.catch((error: unknown) => (isPortError(error) ? error.failure : error))

describe('a handshake', () => {
  it.each([
    ['TLSv1.3', 'TLSv1.3', ['TLSv1.3']],
    ['TLSv1.2', 'TLSv1.3', ['TLSv1.2', 'TLSv1.3']],
    ['TLSv1', 'TLSv1.2', ['TLSv1', 'TLSv1.1', 'TLSv1.2']],
  ] as const)(
    'tells of a server from %s to %s which versions it agrees to',
    async (minVersion, maxVersion, accepts) => {
      const server = await startTls(NAME, { minVersion, maxVersion })
      try {
        expect(await seeHandshake({ ...AT, port: server.port, name: NAME, authority: server.authority })).toEqual({
          validUntil: expect.any(String),
          trusted: true,
          named: true,
          accepts,
        })
      } finally {
        await server.close()
      }
    },
  )

  it('tells a foreign chain and a foreign name apart', async () => {
    const [server, other] = await Promise.all(
      [NAME, NAME].map((name) => startTls(name, { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' })),
    )
    try {
      const at = { ...AT, port: server!.port }
      expect(await seeHandshake({ ...at, name: NAME, authority: other!.authority })).toMatchObject({
        trusted: false,
        named: true,
      })
      expect(await seeHandshake({ ...at, name: 'db.neonpro.test', authority: server!.authority })).toMatchObject({
        trusted: true,
        named: false,
      })
    } finally {
      await Promise.all([server!.close(), other!.close()])
    }
  })

  it('says that nobody answered where nobody listens, or where no TLS is spoken', async () => {
    const page = await startPage()
    const port = Number(new URL(page.url).port)
    expect(await failureOf(seeHandshake({ ...AT, port, name: NAME }))).toBe('conflict')
    await page.close()
    expect(await failureOf(seeHandshake({ ...AT, port, name: NAME }))).toBe('unreachable')
  })
})

it('asks a name server where a name leads, and says when none tells', async () => {
  let fails = false
  const server = await startDnsServer({
    servedName: 'db.neonpro.test',
    ttlSeconds: 60,
    endpoints: new Map(),
    target: async () => {
      if (fails) throw new Error('the zone cannot be read')
      return 'db-g1.sa-east-1.rds.amazonaws.com'
    },
  })
  const servers = [`127.0.0.1:${server.port}`]
  expect(await askName('db.neonpro.test', 5000, servers)).toEqual({ target: 'db-g1.sa-east-1.rds.amazonaws.com' })
  expect(await askName('other.neonpro.test', 5000, servers)).toBeUndefined()
  fails = true
  expect(await failureOf(askName('db.neonpro.test', 5000, servers))).toBe('unreachable')
  await server.close()
})

it('takes a page that does not end in time for one that does not answer', async () => {
  const page = await startPage()
  expect(await askPage(page.url, 10_000)).toMatchObject({ answered: true, status: 200 })
  await page.close()
  expect(await askPage(page.url, 10_000)).toEqual({ answered: false, code: 'ECONNREFUSED' })
  // Its first bytes are there, and the last ones never come.
  const endless = createServer((_, response) => response.writeHead(200).write('{'))
  await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve))
  const { port } = endless.address() as AddressInfo
  expect(await askPage(`http://127.0.0.1:${port}/`, 100)).toMatchObject({ answered: false })
  endless.closeAllConnections()
  await new Promise((resolve) => endless.close(resolve))
})

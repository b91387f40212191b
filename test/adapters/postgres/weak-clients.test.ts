import { readFileSync } from 'node:fs'
import { issueCertificates } from '../../../adapters/local/certificates'
import { throwawayServer, type ThrowawayServer } from '../../../adapters/local/throwaway-server'
import { connect, destroy, type Endpoint } from '../../../adapters/postgres/connect'
import { tryWeakClients } from '../../../adapters/postgres/weak-clients'

const DEADLINE_MS = 20_000
let server: ThrowawayServer
let endpoint: Endpoint
beforeAll(async () => {
  server = await throwawayServer('owner')
  const { host, port, database, authorities } = server.address
  endpoint = { name: host, host: '127.0.0.1', port, database, authority: readFileSync(authorities!, 'utf8') }
}, 120_000)
afterAll(() => server.remove())

const outcomes = async (otherAuthority: string) => {
  const tries = await tryWeakClients(endpoint, server.address.login, otherAuthority, DEADLINE_MS)
  return tries && Object.fromEntries(tries.map(({ way, outcome }) => [way, outcome]))
}
const stranger = async () => (await issueCertificates([])).authority

it('sees every weak client refused by a server that is as it should be', async () => {
  expect(await outcomes(await stranger())).toEqual({
    'without-tls': 'refused',
    'older-tls': 'refused',
    'other-authority': 'refused',
  })
}, 60_000)

/** A server reads its settings when it comes to it. */
async function takes(version: 'TLSv1.2' | 'TLSv1.3'): Promise<void> {
  const client = await connect(endpoint, server.address.login, DEADLINE_MS)
  await client.query(`alter system set ssl_min_protocol_version = '${version}'`)
  await client.query('select pg_reload_conf()')
  const isRead = async () => (await client.query('show ssl_min_protocol_version')).rows[0].ssl_min_protocol_version
  while ((await isRead()) !== version) await new Promise((resolve) => setTimeout(resolve, 20))
  destroy(client)
}

it('sees who gets in where the server takes an older TLS, or the authority is none of another', async () => {
  await takes('TLSv1.2')
  try {
    expect(await outcomes(endpoint.authority)).toEqual({
      'without-tls': 'refused',
      'older-tls': 'accepted',
      'other-authority': 'accepted',
    })
  } finally {
    await takes('TLSv1.3')
  }
}, 60_000)

it('proves nothing where nobody gets in', async () => {
  const login = { ...server.address.login, password: 'wrong' }
  expect(await tryWeakClients(endpoint, login, await stranger(), DEADLINE_MS)).toBeUndefined()
}, 60_000)

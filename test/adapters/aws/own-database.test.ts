import { observeReceiver } from '../../../adapters/aws/replica-observer'
import { databaseAt, ownDatabase, type OwnDatabase } from '../../../adapters/aws/own-database'
import { rdsFence } from '../../../adapters/aws/rds-fence'
import { rdsSession } from '../../../adapters/aws/rds-session'
import { KeyWrapping } from '../../../adapters/local/key-wrapping'
import { systemClock } from '../../../adapters/local/clock'
import { FENCE_ROLE } from '../../../adapters/postgres/guard-schema'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import { resolvePolicy } from '../../../policy'
import { functionEnvironment } from '../../lambda/environment'
import { startDatabase, type TestDatabase } from '../postgres/database'

const ref = { region: 'eu-west-1', instance: 'db-g2' }
const policy = resolvePolicy('test')
const empty = { get: async () => undefined } as unknown as ConditionalStore

describe('the token a function logs in with', () => {
  it('is signed for the instance endpoint, the role and the region, never for the served name', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'fake', AWS_SECRET_ACCESS_KEY: 'fake' })
    const environment = functionEnvironment()
    const { password, user } = await ownDatabase(environment.variables, 'eu-west-1', 'neonpro').login(FENCE_ROLE)
    environment.remove()
    const token = new URL(`https://${password}`)
    expect(user).toBe(FENCE_ROLE)
    expect(token.host).toBe('127.0.0.1:1')
    expect(token.searchParams.get('Action')).toBe('connect')
    expect(token.searchParams.get('DBUser')).toBe(FENCE_ROLE)
    expect(token.searchParams.get('X-Amz-Credential')).toContain('/eu-west-1/rds-db/aws4_request')
  })
})

describe('functions next to a real PostgreSQL', () => {
  let server: TestDatabase
  let database: OwnDatabase
  beforeAll(async () => {
    server = await startDatabase()
    // As in RDS but for how a login is proven: a password here, a signed token there.
    database = databaseAt(ref, server.endpoint, async (role) => server.login(role))
  }, 60_000)
  afterAll(() => server?.remove())

  it('answer unknown about the receiver of what is no replica', async () => {
    expect(await observeReceiver(database, ref, policy.pace.detection, systemClock)).toMatchObject({
      verdict: 'unknown',
    })
  })

  it('close every login and prove it by the server’s own words; the lease opens them again', async () => {
    const outcome = await rdsFence(database, policy).close(ref, { key: 'k', epoch: 2 })
    expect(outcome).toMatchObject({ kind: 'fenced', rolesRefused: expect.arrayContaining(['clinic_app']) })
    await expect(server.session('clinic_app')).rejects.toMatchObject({ code: '28000' })
    const { roles } = await rdsSession(database, policy, empty, new KeyWrapping()).openLogins(ref, 2)
    expect(roles).toContain('clinic_app')
    await (await server.session('clinic_app')).end()
  })

  it('never call content good that has no baseline', async () => {
    expect((await rdsSession(database, policy, empty, new KeyWrapping()).validate(ref)).verdict).toBe('inconclusive')
  })
})

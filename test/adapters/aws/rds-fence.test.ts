import type { Client } from 'pg'
import type { OwnDatabase } from '../../../adapters/aws/own-database'
import { rdsFence } from '../../../adapters/aws/rds-fence'
import { PortError } from '../../../core/ports/errors'
import { resolvePolicy } from '../../../policy'

const ref = { region: 'sa-east-1', instance: 'db-g1' }
const fenceSession = {
  query: async (sql: string) => ({ rows: sql.includes('close_logins') ? [{ ended: 2 }] : [{ name: 'clinic_app' }] }),
} as unknown as Client

/** A database whose fence role gets in, and whose other roles meet `answer`. */
const databaseWhere = (answer: () => Promise<unknown>): OwnDatabase => ({
  ref,
  endpoint: { name: 'db', host: 'db', port: 5432, database: 'neonpro', authority: '' },
  login: async (user) => ({ user, password: 'token' }),
  session: async (_ref, _deadline, work, role) => (role === undefined ? work(fenceSession) : (answer() as never)),
})
const refused = (code: string, message: string) => () =>
  Promise.reject(new PortError('denied', code, 'refused', { cause: Object.assign(new Error(message), { code }) }))
const close = (answer: () => Promise<unknown>) =>
  rdsFence(databaseWhere(answer), resolvePolicy('test')).close(ref, { key: 'k', epoch: 2 })

describe('rdsFence', () => {
  it('is proven by a login that is not permitted any more', async () => {
    expect(await close(refused('28000', 'role "clinic_app" is not permitted to log in'))).toEqual({
      kind: 'fenced',
      rolesRefused: ['clinic_app'],
      sessionsTerminated: 2,
    })
  })

  it('is proven by a write refused for the lease', async () => {
    const answer = refused('RG001', 'the write lease of this database has ended')
    expect(await close(answer)).toMatchObject({ kind: 'fenced' })
  })

  it.each([
    ['an accepted write', () => Promise.resolve(undefined)],
    ['a token the server does not take', refused('28000', 'PAM authentication failed for user "clinic_app"')],
    ['a wrong password', refused('28P01', 'password authentication failed for user "clinic_app"')],
    ['a missing permission on the table', refused('42501', 'permission denied for table patients')],
    ['silence', () => Promise.reject(new PortError('unreachable', 'DATABASE_DEADLINE', 'no answer'))],
  ])('is not proven by %s', async (_what, answer) => {
    expect(await close(answer)).toEqual({ kind: 'not-proven', rolesStillWriting: ['clinic_app'] })
  })

  it('says unreachable when the fence role itself cannot get in', async () => {
    const dark: OwnDatabase = {
      ...databaseWhere(() => Promise.resolve()),
      session: () => Promise.reject(new PortError('unreachable', 'ECONNREFUSED', 'down')),
    }
    const fence = rdsFence(dark, resolvePolicy('test'))
    expect(await fence.close(ref, { key: 'k', epoch: 2 })).toEqual({ kind: 'unreachable' })
  })
})

import { clientEnvironment, parseDatabaseUrl } from '../../../adapters/postgres/database-url'

const parse = (text: string, environment: NodeJS.ProcessEnv = {}) => parseDatabaseUrl(text, environment)

it('takes a database of AWS or anywhere else over verified TLS alone', () => {
  const address = parse('postgres://owner:a%20b@db.example:6000/clinic?sslrootcert=/etc/rds.pem')
  expect(address).toEqual({
    host: 'db.example',
    port: 6000,
    database: 'clinic',
    login: { user: 'owner', password: 'a b' },
    authorities: '/etc/rds.pem',
  })
  expect(clientEnvironment(address)).toMatchObject({ PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/etc/rds.pem' })
  expect(parse('postgresql://owner@db.example/clinic').authorities).toBe('system')
})

it('takes one of this machine without TLS, and with it where the URL says so', () => {
  expect(clientEnvironment(parse('postgres://owner@127.0.0.1/clinic'))).toMatchObject({ PGSSLMODE: 'disable' })
  expect(parse('postgres://owner@localhost/clinic?sslmode=verify-full').authorities).toBe('system')
  expect(parse('postgres://owner@[::1]:5433/clinic?sslmode=disable')).toMatchObject({ host: '::1', port: 5433 })
})

it('takes role and password from the environment where the URL has none', () => {
  const environment = { PGUSER: 'owner', PGPASSWORD: 'of-the-environment' }
  expect(parse('postgres://db.example/clinic', environment).login).toEqual({
    user: 'owner',
    password: 'of-the-environment',
  })
})

it.each([
  ['nothing that is a URL', 'clinic'],
  ['a URL of something else', 'mysql://owner:CANARY@db/clinic'],
  ['no database', 'postgres://owner:CANARY@db.example/'],
  ['no role', 'postgres://db.example/clinic'],
  ['no TLS', 'postgres://owner:CANARY@db.example/clinic?sslmode=disable'],
  ['TLS with anybody', 'postgres://owner:CANARY@db.example/clinic?sslmode=require'],
  ['a parameter that would be passed over', 'postgres://owner:CANARY@db.example/clinic?options=-csearch_path'],
])('refuses %s, and does not repeat the password', (_, text) => {
  let message = ''
  try {
    parse(text)
  } catch (error) {
    expect(error).toMatchObject({ code: 'DATABASE_URL' })
    message = String(error)
  }
  expect(message).not.toBe('')
  expect(message).not.toContain('CANARY')
})

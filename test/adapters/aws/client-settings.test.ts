import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { refuseForeignEndpoints, refuseForeignEndpointsOfPerson } from '../../../adapters/aws/client-settings'

describe('endpoints of the SDK', () => {
  it.each(['http://127.0.0.1:4566', 'http://localhost:4566', 'http://[::1]:4566'])(
    'may be on this machine: %s',
    (url) => {
      expect(() => refuseForeignEndpoints({ AWS_ENDPOINT_URL: url, AWS_ENDPOINT_URL_RDS: url })).not.toThrow()
    },
  )

  it.each(['http://10.0.0.5:4566', 'https://rds.example.org', 'http://127.0.0.1.example.org', 'nonsense'])(
    'are refused anywhere else: %s',
    (url) => {
      expect(() => refuseForeignEndpoints({ AWS_ENDPOINT_URL_RDS: url })).toThrow(/AWS_ENDPOINT_URL_RDS points to/)
    },
  )

  it('need not be set at all', () => {
    expect(() => refuseForeignEndpoints({ AWS_ENDPOINT_URL: '', PATH: '/bin' })).not.toThrow()
  })
})

describe('endpoints of a profile', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'profile-'))
  })
  afterEach(() => rmSync(home, { recursive: true }))
  const refusing = (config: string, more: Readonly<Record<string, string>> = {}) => {
    const file = join(home, 'config')
    writeFileSync(file, config)
    return () =>
      refuseForeignEndpointsOfPerson({ AWS_CONFIG_FILE: file, AWS_SHARED_CREDENTIALS_FILE: '/dev/null', ...more })
  }
  const FOREIGN = 'http://10.0.0.5:4566'

  it.each([
    ['the default one', `[default]\nendpoint_url = ${FOREIGN}\n`, {}],
    ['the chosen one', `[profile clinic]\nregion=sa-east-1\nendpoint_url=${FOREIGN}\n`, { AWS_PROFILE: 'clinic' }],
    ['its services', `[default]\nservices = local\n\n[services local]\nrds =\n  endpoint_url = ${FOREIGN}\n`, {}],
  ])('are refused where they lead away: %s', (_, config, more) => {
    expect(refusing(config, more)).toThrow(/endpoint_url of profile .* points to '10\.0\.0\.5'/)
  })

  it('are refused in the file of credentials too', () => {
    const file = join(home, 'credentials')
    writeFileSync(file, `[default]\nendpoint_url = ${FOREIGN}\n`)
    expect(refusing('', { AWS_SHARED_CREDENTIALS_FILE: file })).toThrow('points to')
  })

  it.each([
    ['on this machine', '[default]\nendpoint_url = http://127.0.0.1:4566\n'],
    ['of another profile', `[profile other]\nendpoint_url = ${FOREIGN}\n`],
    [
      'of services that the profile does not name',
      `[default]\nregion = x\n[services local]\ns3 =\n  endpoint_url = ${FOREIGN}\n`,
    ],
    ['that are none', ''],
  ])('are of no matter: %s', (_, config) => {
    expect(refusing(config)).not.toThrow()
  })

  it('need no file', () => {
    expect(() => refuseForeignEndpointsOfPerson({ HOME: join(home, 'nobody') })).not.toThrow()
  })
})

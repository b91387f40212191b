import { refuseForeignEndpoints } from '../../../adapters/aws/client-settings'

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

import { join } from 'node:path'
import { refuseForeignEndpoints } from '../adapters/aws/client-settings'

/** Where the emulators listen. */
export interface Endpoints {
  readonly ministack: string
  readonly moto: string
  /** Address and port of the one name server that may be asked. */
  readonly nameServer: string
}

/** What finds programs and folders. Nothing here names an account, a key or a way out. */
const INHERITED = new Set(['PATH', 'HOME', 'USER', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'CI', 'NO_COLOR'])

const PRELOAD = require.resolve('./loopback-only.cjs')
const PYTHON_GUARD = join(__dirname, 'python-guard')

/**
 * The environment of a process that speaks to the emulators: no credentials, profile or proxy of this machine, every AWS
 * endpoint on loopback, and no way out for Node or Python. RDS is moto's, everything else MiniStack's. An access key of twelve
 * digits is the account to both. Throws for an endpoint that is not on this machine.
 */
export function emulatorEnvironment(
  { ministack, moto, nameServer }: Endpoints,
  accountId: string,
  region: string,
): Record<string, string> {
  const aws = {
    AWS_ENDPOINT_URL: ministack,
    AWS_ENDPOINT_URL_RDS: moto,
    AWS_ACCESS_KEY_ID: accountId,
    AWS_SECRET_ACCESS_KEY: 'emulated',
    AWS_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  }
  refuseForeignEndpoints(aws)
  const inherited = Object.entries(process.env).filter(([name]) => INHERITED.has(name))
  return {
    ...Object.fromEntries(inherited),
    ...aws,
    LOOPBACK_NAME_SERVER: nameServer,
    NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}`,
    PYTHONPATH: PYTHON_GUARD,
    PYTHONDONTWRITEBYTECODE: '1',
  }
}

/** Gives this process that environment too, so that no client made here can reach anything else. */
export function enterEmulators(environment: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(process.env)) if (/^AWS_|_proxy$/i.test(name)) delete process.env[name]
  for (const [name, value] of Object.entries(environment)) if (name.startsWith('AWS_')) process.env[name] = value
  require(PRELOAD)
}

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { listenOnLoopback } from '../../adapters/local/loopback'
import { emulatorEnvironment } from '../../emulator/loopback'
import { startNameServer, type NameServer } from '../../emulator/name-server'
import { requireHeldBack, rollIn } from '../../emulator/roll'

const ROOT = join(__dirname, '../..')

const LOOPBACK = { ministack: 'http://127.0.0.1:4566', moto: 'http://127.0.0.1:5555', nameServer: '127.0.0.1:5353' }

describe('the environment of an emulator run', () => {
  const before = { ...process.env }
  afterEach(() => {
    process.env = { ...before }
  })

  it('holds nothing by which this machine could reach an account of its own', () => {
    Object.assign(process.env, {
      AWS_PROFILE: 'production',
      AWS_SESSION_TOKEN: 'secret',
      AWS_ENDPOINT_URL_S3: 'https://s3.amazonaws.com',
      HTTPS_PROXY: 'http://proxy:3128',
    })
    const environment = emulatorEnvironment(LOOPBACK, '111122223333', 'sa-east-1')
    for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL_S3', 'HTTPS_PROXY'])
      expect(environment).not.toHaveProperty(name)
    expect(environment).toMatchObject({
      AWS_ENDPOINT_URL: LOOPBACK.ministack,
      AWS_ENDPOINT_URL_RDS: LOOPBACK.moto,
      AWS_ACCESS_KEY_ID: '111122223333',
      AWS_CONFIG_FILE: '/dev/null',
    })
  })

  it.each(['https://rds.sa-east-1.amazonaws.com', 'http://0.0.0.0:4566', 'http://127.0.0.1.example.org'])(
    'is refused for %s',
    (foreign) => {
      expect(() => emulatorEnvironment({ ...LOOPBACK, moto: foreign }, '111122223333', 'sa-east-1')).toThrow(
        'only loopback is allowed',
      )
    },
  )
})

describe('this process, once it entered', () => {
  it('has nothing of this machine left, and no way out', async () => {
    const environment = emulatorEnvironment(LOOPBACK, '111122223333', 'sa-east-1')
    const script = `
      require('./emulator/loopback').enterEmulators(${JSON.stringify(environment)})
      const left = Object.keys(process.env).filter((name) => /^AWS_|proxy$/i.test(name)).toSorted()
      fetch('http://192.0.2.1').catch((error) => console.log(JSON.stringify({ left, region: process.env.AWS_REGION, code: error.cause.code })))`
    const env = {
      PATH: process.env['PATH'],
      AWS_PROFILE: 'production',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL_S3: 'https://s3.amazonaws.com',
      HTTPS_PROXY: 'http://proxy:3128',
      no_proxy: 'localhost',
    }
    const args = ['--import', 'tsx', '-e', script]
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env, timeout: 20_000 })
    const names = Object.keys(environment).filter((name) => name.startsWith('AWS_'))
    expect(JSON.parse(stdout)).toEqual({ left: names.toSorted(), region: 'sa-east-1', code: 'ECONNREFUSED' })
  })
})

describe('a Python process with the guard', () => {
  const outcome = async (code: string): Promise<string> => {
    const { PYTHONPATH, PYTHONDONTWRITEBYTECODE } = emulatorEnvironment(LOOPBACK, '111122223333', 'sa-east-1')
    const script = `import socket\ntry:\n  ${code}\n  print('done')\nexcept OSError as e:\n  print(type(e).__name__, e)`
    const env = { PATH: process.env['PATH'], PYTHONPATH, PYTHONDONTWRITEBYTECODE }
    const { stdout } = await promisify(execFile)('python3', ['-c', script], { env, timeout: 20_000 })
    return stdout.trim()
  }
  const datagram = 'socket.socket(socket.AF_INET, socket.SOCK_DGRAM)'

  it.each([
    [`socket.create_connection(('192.0.2.1', 80), 5)`, '192.0.2.1'],
    [`socket.create_connection(('recovery.example', 443), 5)`, 'recovery.example'],
    [`socket.socket(socket.AF_INET6).connect(('2001:db8::1', 80))`, '2001:db8::1'],
    [`socket.getaddrinfo('recovery.example', 443)`, 'recovery.example'],
    [`socket.gethostbyname('recovery.example')`, 'recovery.example'],
    [`${datagram}.sendto(b'x', ('192.0.2.1', 53))`, '192.0.2.1'],
    [`${datagram}.sendmsg([b'x'], [], 0, ('192.0.2.1', 53))`, '192.0.2.1'],
    [`${datagram}.connect(('192.0.2.1', 53))`, '192.0.2.1'],
  ])('refuses %s', async (code, host) => {
    expect(await outcome(code)).toBe(`ConnectionRefusedError '${host}' is not on this machine`)
  })

  it('reaches this machine by address and by name', async () => {
    const server = createServer((_, response) => response.end('here'))
    const port = await listenOnLoopback(server)
    try {
      for (const host of ['127.0.0.1', 'localhost'])
        expect(await outcome(`socket.create_connection(('${host}', ${port}), 5)`)).toBe('done')
    } finally {
      server.close()
    }
  })
})

describe('the roll', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'roll-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('has every guarded process, as the function that it is, and nobody else', async () => {
    const { NODE_OPTIONS, PYTHONPATH } = emulatorEnvironment(LOOPBACK, '111122223333', 'sa-east-1')
    const PATH = process.env['PATH']
    const script = join(folder, 'tool')
    writeFileSync(script, '')
    const run = (command: string, args: readonly string[], env: Record<string, string | undefined>) =>
      promisify(execFile)(command, [...args], { env: { PATH, LOOPBACK_ROLL: rollIn(folder), ...env } })
    await run(process.execPath, ['-e', '0'], { NODE_OPTIONS, AWS_LAMBDA_FUNCTION_NAME: 'fence' })
    await run(process.execPath, ['-e', '0'], { AWS_LAMBDA_FUNCTION_NAME: 'escaped' })
    await run('python3', [script], { PYTHONPATH })
    await requireHeldBack(folder, ['node fence', 'python tool'])
    await expect(requireHeldBack(folder, ['node fence', 'node escaped'])).rejects.toThrow(
      'could not leave this machine: node escaped',
    )
  })
})

describe('a Node process with the preload', () => {
  let nameServer: NameServer
  beforeAll(async () => {
    nameServer = await startNameServer()
    nameServer.answerFrom(async (name) => {
      if (name === 'lost.recovery.example') throw new Error('Route 53 does not answer')
      return name === 'db.recovery.example' ? 'db.eu-west-1.example' : undefined
    })
  })
  afterAll(() => nameServer.close())

  const outcome = async (code: string): Promise<string> => {
    const endpoints = { ...LOOPBACK, nameServer: nameServer.address }
    const { NODE_OPTIONS, LOOPBACK_NAME_SERVER } = emulatorEnvironment(endpoints, '111122223333', 'sa-east-1')
    const script = `Promise.resolve().then(() => ${code}).then((found) => found ?? 'done', (e) => e.code ?? e.cause?.code).then((o) => console.log(o))`
    const env = { PATH: process.env['PATH'], NODE_OPTIONS, LOOPBACK_NAME_SERVER }
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env, timeout: 20_000 })
    return stdout.trim()
  }

  // Documentation addresses and names: RFC 5737, RFC 2606.
  it.each([
    [`fetch('https://recovery.example')`, 'ENOTFOUND'],
    [`fetch('http://192.0.2.1')`, 'ECONNREFUSED'],
    [
      `new Promise((a, b) => require('tls').connect(443, 'recovery.example').on('error', b).on('connect', a))`,
      'ENOTFOUND',
    ],
    [
      `new Promise((a, b) => require('net').connect({ port: 80, host: '2001:db8::1' }).on('error', b).on('connect', a))`,
      'ECONNREFUSED',
    ],
    [`require('dns').promises.lookup('recovery.example')`, 'ENOTFOUND'],
    [
      `new Promise((a, b) => require('dgram').createSocket('udp4').connect(53, '192.0.2.1', (e) => (e ? b(e) : a())))`,
      'ECONNREFUSED',
    ],
    [
      `new Promise((a, b) => require('dgram').createSocket('udp4').on('error', b).on('connect', a).connect(53, 'recovery.example'))`,
      'ENOTFOUND',
    ],
    [
      `new Promise((a, b) => require('dgram').createSocket('udp4').send('x', 53, '192.0.2.1', (e) => (e ? b(e) : a())))`,
      'ECONNREFUSED',
    ],
  ])('refuses %s', async (code, expected) => {
    expect(await outcome(code)).toBe(expected)
  })

  it.each([
    [`new Resolver({ timeout: 10_000, tries: 1 }).resolveNs('recovery.example').then(String)`, 'ns.localhost'],
    [`new Resolver().resolve4('ns.localhost').then(String)`, '127.0.0.1'],
    [
      `(async () => { const r = new Resolver(); r.setServers(['192.0.2.1']); return String(await r.resolveCname('db.recovery.example')) })()`,
      'db.eu-west-1.example',
    ],
    [`new Resolver().resolveCname('other.recovery.example')`, 'ENODATA'],
    // What was lost once must not end the name server.
    [`new Resolver().resolveCname('lost.recovery.example')`, 'ESERVFAIL'],
    [`new Resolver().resolveCname('db.recovery.example').then(String)`, 'db.eu-west-1.example'],
  ])('asks the one name server, whatever other it is given: %s', async (code, expected) => {
    expect(await outcome(`{ const { Resolver } = require('dns').promises; return ${code} }`)).toBe(expected)
  })

  it('reaches this machine by address and by name', async () => {
    const server = createServer((_, response) => response.end('here'))
    const port = await listenOnLoopback(server)
    try {
      for (const host of ['127.0.0.1', 'localhost', 'db.localhost'])
        expect(await outcome(`fetch('http://${host}:${port}').then((answer) => answer.text())`)).toBe('here')
    } finally {
      server.close()
    }
  })
})

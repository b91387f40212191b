import { createServer, Server } from 'node:net'
import { mkdir, chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { issueCertificates } from '../../../adapters/local/certificates'
import { Instance } from '../../../adapters/local/instance'
import { freePort, freePorts, listenOnLoopback } from '../../../adapters/local/loopback'
import { postgresBinaries } from '../../../adapters/local/postgres-binaries'
import { databaseUser, newWorldFolder, ownedFolder, processesIn, removeWorld } from '../../../adapters/local/scratch'

test('a port taken by another program is told at once, with its number, and no server stays', async () => {
  const folder = await newWorldFolder()
  const stranger = createServer()
  try {
    const port = await listenOnLoopback(stranger)
    const user = databaseUser()
    const region = join(folder, 'region')
    await mkdir(region)
    await chmod(region, 0o711)
    const name = 'clinic-g1.sa-east-1.db.localhost'
    const { authority, servers } = await issueCertificates([name])
    const login = { user: 'postgres', password: 'secret' }
    const instance = new Instance({
      name: 'clinic-g1',
      folder: region,
      endpoint: { name, host: '127.0.0.1', port, database: 'postgres', authority },
      certificate: servers[0]!,
      archive: await ownedFolder(join(folder, 'archive'), user),
      binaries: await postgresBinaries(),
      user,
    })
    await instance.initialize(login)
    await expect(instance.start(login)).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining(`port ${port} `),
    })
    expect(await processesIn(folder)).toEqual([])
  } finally {
    stranger.close()
    await removeWorld(folder)
  }
}, 20_000)

test('ports for later are none that a client of this machine may be given meanwhile', async () => {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '49152')
  const ports = await freePorts(200)
  expect(new Set(ports).size).toBe(200)
  expect(Math.max(...ports)).toBeLessThan(Number.parseInt(range, 10))
})

test('no port at all is an error a person can act on', async () => {
  const listen = jest.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server) {
    process.nextTick(() => this.emit('error', Object.assign(new Error('no port'), { code: 'EADDRINUSE' })))
    return this
  })
  try {
    await expect(freePort()).rejects.toMatchObject({
      code: 'NO_FREE_PORT',
      message: expect.stringContaining('EADDRINUSE'),
    })
  } finally {
    listen.mockRestore()
  }
})

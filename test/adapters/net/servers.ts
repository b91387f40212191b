import { createServer as createPage, type Server } from 'node:http'
import { createServer as createTls, type TLSSocket } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { issueCertificates } from '../../../adapters/local/certificates'

/** A health page on loopback that a test makes ill, or silent. */
export async function startPage() {
  let status = 200
  const listen = (port: number) =>
    new Promise<Server>((resolve) => {
      const server = createPage((_, response) => response.writeHead(status, { connection: 'close' }).end('{}'))
      server.listen(port, '127.0.0.1', () => resolve(server))
    })
  let server = await listen(0)
  const { port } = server.address() as AddressInfo
  let open = true
  const close = async () => {
    if (open) await new Promise((resolve) => server.close(resolve))
    open = false
  }
  return {
    url: `http://127.0.0.1:${port}/api/health`,
    be: async (is: 'well' | 'ill' | 'silent') => {
      if (is === 'silent') return close()
      status = is === 'well' ? 200 : 503
      if (!open) server = await listen(port)
      open = true
    },
    close,
  }
}

/** A server on loopback that agrees to some versions of TLS, with a certificate of an authority of its own for a name. */
export async function startTls(
  name: string,
  versions: { minVersion: 'TLSv1' | 'TLSv1.2' | 'TLSv1.3'; maxVersion: 'TLSv1.2' | 'TLSv1.3' },
) {
  const { authority, servers } = await issueCertificates([name])
  const { certificate, key } = servers[0]!
  const open = new Set<TLSSocket>()
  const server = createTls({ cert: certificate, key, ciphers: 'DEFAULT@SECLEVEL=0', ...versions }, (socket) => {
    open.add(socket)
    socket.on('error', () => undefined)
  })
  // Who offers a version that is not spoken here is refused, and that is all.
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    authority,
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of open) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

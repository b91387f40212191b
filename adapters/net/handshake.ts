import { connect as connectPlain, type Socket } from 'node:net'
import { checkServerIdentity, connect as connectSecure, type TLSSocket } from 'node:tls'
import { PortError } from '../../core/ports/errors'
import { TLS_VERSIONS, type HandshakeSeen, type TlsVersion } from '../../core/ports/health-probes'

/** A server that speaks TLS at once, or once it was asked to, as PostgreSQL is. */
export interface TlsServer {
  readonly host: string
  readonly port: number
  /** Name that the certificate has to be for. */
  readonly name: string
  /** Trusted instead of the authorities of the machine. @default those of the machine */
  readonly authority?: string
  readonly speaks: 'tls' | 'postgres'
  readonly deadlineMs: number
}

/** Shakes hands once, and then once more for each version by itself. Nothing is ever said to the server. */
export async function seeHandshake(server: TlsServer): Promise<HandshakeSeen> {
  const { certificate, refusal } = await shakeHands(server)
  const tried = await Promise.all(TLS_VERSIONS.map((version) => accepts(server, version)))
  return {
    validUntil: new Date(certificate.valid_to).toISOString(),
    trusted: refusal === undefined || TOLD_OTHERWISE.includes(refusal),
    named: checkServerIdentity(server.name, certificate) === undefined,
    accepts: TLS_VERSIONS.filter((_, at) => tried[at]),
  }
}

/** Refusals of a certificate that its date or its name tell of. */
const TOLD_OTHERWISE = ['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID']

async function accepts(server: TlsServer, version: TlsVersion): Promise<boolean> {
  try {
    await shakeHands(server, version)
    return true
  } catch (error) {
    // An alert of either side; a server that has gone meanwhile tells nothing of its versions.
    if (error instanceof PortError && error.code === 'HANDSHAKE_REFUSED') return false
    throw error
  }
}

async function shakeHands(server: TlsServer, version?: TlsVersion) {
  const { host, port, name, authority, deadlineMs } = server
  const signal = AbortSignal.timeout(deadlineMs)
  const opened: Socket[] = []
  try {
    const plain = connectPlain({ host, port })
    opened.push(plain)
    await settled(plain, 'connect', signal)
    if (server.speaks === 'postgres') await askForTls(plain, signal)
    const socket = connectSecure({
      socket: plain,
      servername: name,
      ...(authority !== undefined && { ca: authority }),
      // It is looked at, and judged by its date, its chain and its name apart; nothing is sent through it.
      rejectUnauthorized: false,
      ...(version !== undefined && {
        minVersion: version,
        maxVersion: version,
        // OpenSSL offers the old versions only where it is told to (SSL_CTX_set_security_level).
        ciphers: 'DEFAULT@SECLEVEL=0',
      }),
    })
    opened.push(socket)
    return await shown(socket, signal)
  } finally {
    // The one on top alone: Node 20 ends with a segmentation fault where what a TLS socket speaks through goes before it.
    opened.at(-1)?.destroy()
  }
}

async function shown(socket: TLSSocket, signal: AbortSignal) {
  try {
    await settled(socket, 'secureConnect', signal)
  } catch (error) {
    if (signal.aborted) throw error
    throw new PortError('conflict', 'HANDSHAKE_REFUSED', 'no version of TLS was agreed on', { cause: error })
  }
  const refused: unknown = socket.authorizationError
  return { certificate: socket.getPeerCertificate(), refusal: refused ? codeOf(refused) : undefined }
}

/** Node gives the code itself, though its types say an error. */
function codeOf(refused: unknown): string {
  const code = typeof refused === 'string' ? refused : (refused as { code?: unknown }).code
  return typeof code === 'string' ? code : 'UNKNOWN'
}

/** `SSLRequest` of the protocol, which is answered with one byte. https://www.postgresql.org/docs/18/protocol-message-formats.html */
async function askForTls(socket: Socket, signal: AbortSignal): Promise<void> {
  socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]))
  await settled(socket, 'readable', signal)
  if ((socket.read(1) as Buffer | null)?.toString() !== 'S')
    throw new PortError('conflict', 'HANDSHAKE_REFUSED', 'the server speaks no TLS')
}

function settled(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const unreachable = (cause: unknown) =>
      reject(new PortError('unreachable', 'NO_HANDSHAKE', 'the server did not answer', { cause }))
    signal.addEventListener('abort', () => unreachable(signal.reason), { once: true })
    socket.once(event, () => resolve())
    socket.once('error', unreachable)
    socket.once('close', () => unreachable(undefined))
  })
}

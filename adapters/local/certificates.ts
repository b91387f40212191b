import 'reflect-metadata'
import {
  X509CertificateGenerator,
  SubjectAlternativeNameExtension,
  BasicConstraintsExtension,
  PemConverter,
} from '@peculiar/x509'

export interface ServerCertificate {
  readonly certificate: string
  readonly key: string
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
/** Longer than a look at the health wants a certificate to last; keys and certificates go with their world. */
const VALID_MS = 90 * 86_400_000

/** A certificate authority for one world and a certificate per endpoint name. Never for a served name, as on RDS. */
export async function issueCertificates(
  endpointNames: readonly string[],
): Promise<{ authority: string; servers: ServerCertificate[] }> {
  const keys = await newKeys()
  const validity = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + VALID_MS) }
  const name = 'CN=NeonPro rehearsal'
  const authority = await X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity,
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  })
  const servers = await Promise.all(
    endpointNames.map(async (endpoint) => {
      const own = await newKeys()
      const certificate = await X509CertificateGenerator.create({
        subject: `CN=${endpoint}`,
        issuer: authority.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        ...validity,
        extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: endpoint }])],
      })
      const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY')
      return { certificate: certificate.toString('pem'), key }
    }),
  )
  return { authority: authority.toString('pem'), servers }
}

const newKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])

import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import type { KMSClient } from '@aws-sdk/client-kms'
import { z } from 'zod'
import type { TrailProtection } from '../../../core/ports/compliance'
import { PortError } from '../../../core/ports/errors'
import { CALL_MS } from '../client-settings'
import { asking, isException } from '../failures'
import type { Guard } from './guard'

/** What CloudTrail is called with: this project has no client of it, and needs two calls. */
export interface TrailCalls {
  readonly region: string
  readonly credentials: KMSClient['config']['credentials']
  readonly endpoint: URL
}

export function trailGuard(calls: TrailCalls): Guard<TrailProtection> {
  const { region } = calls
  return {
    async read(name) {
      try {
        const status = await call(calls, 'GetTrailStatus', name)
        return { kind: 'trail', region, name, records: statusSchema.parse(status).IsLogging }
      } catch (error) {
        if (isException(error, 'TrailNotFound')) return undefined
        throw error
      }
    },
    async write({ name, records }, found) {
      if (records && !found?.records) await call(calls, 'StartLogging', name)
      return 'restored'
    },
  }
}

const statusSchema = z.looseObject({ IsLogging: z.boolean() })
/** AWS JSON names an error with or without its namespace. */
const errorSchema = z
  .looseObject({ ['__type']: z.string() })
  .transform(({ ['__type']: type }) => ({ type: type.split('#').at(-1) ?? type }))

async function call({ region, credentials, endpoint }: TrailCalls, verb: string, Name: string): Promise<unknown> {
  const body = JSON.stringify({ Name })
  const signer = new SignatureV4({ service: 'cloudtrail', region, credentials, sha256: Sha256 })
  return asking(`cloudtrail:${verb}`, async () => {
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      ...(endpoint.port && { port: Number(endpoint.port) }),
      path: '/',
      query: {},
      headers: {
        host: endpoint.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.${verb}`,
      },
      body,
    })
    const { response, text } = await posted(endpoint, { headers, body }).catch((cause: unknown) => {
      throw new PortError('unreachable', 'CLOUDTRAIL_UNREACHABLE', `CloudTrail did not answer '${verb}'`, { cause })
    })
    const answer = jsonOf(text)
    if (response.ok) return answer
    const known = errorSchema.safeParse(answer)
    throw Object.assign(new Error(verb), {
      name: known.success ? known.data.type : 'Unknown',
      $metadata: { httpStatusCode: response.status },
    })
  })
}

/** An answer that breaks off within its body is none either. */
async function posted(endpoint: URL, request: Pick<RequestInit, 'headers' | 'body'>) {
  const response = await fetch(endpoint, { ...request, method: 'POST', signal: AbortSignal.timeout(CALL_MS) })
  return { response, text: await response.text() }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

import { CreateHostedZoneCommand, type CreateHostedZoneCommandInput, Route53Client } from '@aws-sdk/client-route-53'
import type { Policy } from '../core/policy'

/** Zones are global, and a private one needs a network, which does not exist yet; MiniStack looks at neither. */
const REGION = 'sa-east-1'

/** A value of the templates that is another one in the emulators. */
export interface Replacement {
  readonly what: string
  readonly value: string
  readonly by: string
}

/** Creates the hosted zones that the policy says exist already; MiniStack gives them ids of its own. */
export async function createHostedZones({ dns }: Policy): Promise<Replacement[]> {
  const client = new Route53Client({ region: REGION })
  const create = async (what: string, value: string, more: Partial<CreateHostedZoneCommandInput>) => {
    const command = new CreateHostedZoneCommand({ Name: dns.zoneName, CallerReference: value, ...more })
    const { HostedZone } = await client.send(command)
    return { what, value, by: HostedZone?.Id?.split('/').at(-1) ?? '' }
  }
  const { privateZone } = dns
  return [
    await create('id of the public hosted zone', dns.hostedZoneId, {}),
    ...(privateZone.mode === 'existing'
      ? [
          await create('id of the private hosted zone', privateZone.hostedZoneId, {
            VPC: { VPCId: 'vpc-00000000', VPCRegion: REGION },
          }),
        ]
      : []),
  ]
}

import { rule, when, type Rules } from './rule'

const zonesAreTwo = rule(
  'the names inside the networks do not depend on the public zone',
  ['dns.privateZone', 'dns.hostedZoneId'],
  ({ dns }) =>
    when(
      dns.privateZone.mode === 'existing' && dns.privateZone.hostedZoneId === dns.hostedZoneId,
      'dns.privateZone.hostedZoneId',
      `is ${dns.hostedZoneId}, the public zone itself`,
      'name the private zone, or say why there is none',
    ),
)

const apiTargetsStandApart = rule(
  'the two sides of the API are different places, and neither is the served name that points to them',
  ['dns.apiTargets', 'dns.apiName', 'dns.zoneName'],
  ({ dns: { apiTargets, apiName, zoneName } }) => [
    ...when(
      apiTargets.primary === apiTargets.recovery,
      'dns.apiTargets.recovery',
      `is '${apiTargets.recovery}', the target of the primary region`,
      'name where the API answers in the recovery region',
    ),
    ...(['primary', 'recovery'] as const).flatMap((role) =>
      when(
        apiTargets[role] === `${apiName}.${zoneName}`,
        `dns.apiTargets.${role}`,
        'is the served name, which would point to itself',
        'name the endpoint behind it',
      ),
    ),
  ],
)

const checkOutlivesWhatItChecks = rule(
  'what takes the primary side out of service does not go down with it',
  ['dns.apiCheck', 'topology.regions.primary'],
  ({ dns: { apiCheck }, topology }) =>
    when(
      apiCheck.mode === 'alarm' && apiCheck.region === topology.regions.primary,
      'dns.apiCheck.region',
      `is '${topology.regions.primary}', whose loss would silence the alarm`,
      'use an alarm of another region',
    ),
)

export const dnsRules: Rules = { zonesAreTwo, apiTargetsStandApart, checkOutlivesWhatItChecks }

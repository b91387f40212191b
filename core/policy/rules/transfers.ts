import { crossRegionFlows, type Flow } from '../flows'
import { rule, when, type Rules } from './rule'

const everyFlowHasATransfer = rule(
  'no data leaves the country without a mechanism (LGPD art. 33)',
  ['transfers', 'topology', 'mechanisms', 'backup.geoRedundancy'],
  (policy) =>
    crossRegionFlows(policy).flatMap(({ flow, from, to }) =>
      when(
        !policy.transfers.some((t) => t.flow === flow && t.from === from && t.to === to),
        'transfers',
        `has no entry for ${flow} from ${from} to ${to}`,
        'add the transfer with its mechanism',
      ),
    ),
)

const everyTransferIsMade = rule(
  'the register of transfers lists nothing that no mechanism sends',
  ['transfers', 'topology', 'mechanisms', 'backup.geoRedundancy'],
  (policy) => {
    const flows = crossRegionFlows(policy)
    return policy.transfers.flatMap(({ flow, from, to }, i) =>
      when(
        !flows.some((f) => f.flow === flow && f.from === from && f.to === to),
        `transfers.${i}`,
        `is ${flow} from ${from} to ${to}, which no declared mechanism makes`,
        'remove it, or declare the mechanism',
      ),
    )
  },
)

const databaseFlowsArePersonal = rule(
  'whatever carries the database counts as personal data as long as one of its tables does',
  ['transfers', 'stores'],
  ({ transfers, stores }) => {
    const personal = stores.some(({ kind, dataClass }) => kind === 'table' && ['phi', 'pii'].includes(dataClass))
    return transfers.flatMap((t, i) =>
      when(
        personal && CARRY_THE_DATABASE.includes(t.flow) && !t.personalData,
        `transfers.${i}.personalData`,
        `is false for ${t.flow}, which carries every table`,
        'set it to true and name the mechanism',
      ),
    )
  },
)

const personalDataNeedsALegalMechanism = rule(
  'a transfer of personal data rests on adequacy or clauses',
  ['transfers'],
  ({ transfers }) =>
    transfers.flatMap((t, i) =>
      when(
        t.personalData && t.mechanism.kind === 'no-personal-data',
        `transfers.${i}.mechanism`,
        'says there is no personal data while personalData is true',
        'name the adequacy decision or the signed clauses',
      ),
    ),
)

const adequacyCoversTheDestination = rule(
  'the adequacy decision covers the country it is used for',
  ['transfers'],
  ({ transfers }) =>
    transfers.flatMap((t, i) =>
      when(
        t.mechanism.kind === 'adequacy' && !ADEQUATE_REGIONS.includes(t.to),
        `transfers.${i}.mechanism`,
        `uses an adequacy decision for '${t.to}', which it does not cover`,
        'use standard-clauses with a signed reference',
      ),
    ),
)

const onlyBrazilIsHome = rule(
  'data comes home only to Brazil, whose law the register answers to',
  ['transfers'],
  ({ transfers }) =>
    transfers.flatMap((t, i) =>
      when(
        t.mechanism.kind === 'comes-home' && t.to !== HOME,
        `transfers.${i}.mechanism`,
        `says that data comes home to '${t.to}'`,
        `name the adequacy decision or the signed clauses; only ${HOME} lies in Brazil`,
      ),
    ),
)

/** AWS's one region in Brazil. */
const HOME = 'sa-east-1'

const CARRY_THE_DATABASE: readonly Flow['flow'][] = [
  'database-replica',
  'point-in-time-logs',
  'backup-copies',
  'archive',
]

/**
 * AWS regions in the European Union, which Resolution CD/ANPD 32/2026 covers. Not eu-west-2 (United Kingdom) and not
 * eu-central-2 (Switzerland), whatever their names begin with.
 */
const ADEQUATE_REGIONS = ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3']

export const transferRules: Rules = {
  everyFlowHasATransfer,
  everyTransferIsMade,
  databaseFlowsArePersonal,
  personalDataNeedsALegalMechanism,
  adequacyCoversTheDestination,
  onlyBrazilIsHome,
}

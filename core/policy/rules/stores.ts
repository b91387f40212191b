import { bucketStores } from '../bucket-stores'
import { TIERS } from '../feasibility/cell'
import { rule, when, type Rules } from './rule'

const storesAreUnique = rule('every store has one entry in the register', ['stores'], ({ stores }) =>
  stores.flatMap(({ id }, i) =>
    when(
      stores.findIndex((other) => other.id === id) !== i,
      `stores.${i}.id`,
      `'${id}' is registered twice`,
      'keep one entry',
    ),
  ),
)

const everyTierProtectsAStore = rule(
  'no objective is promised for nothing',
  ['stores', 'objectives.rpo'],
  ({ stores }) =>
    TIERS.flatMap((tier) =>
      when(
        !stores.some((store) => store.tier === tier),
        'stores',
        `has none of tier '${tier}'`,
        'register what it protects',
      ),
    ),
)

const everyBucketIsDeployed = rule(
  'no bucket of the register is in no region, no plan and no archive',
  ['stores', 'fileTransfer'],
  (policy) => {
    const deployed = new Set(bucketStores(policy).map(({ store }) => store))
    return policy.stores.flatMap((store, i) =>
      when(
        store.kind === 'bucket' && !deployed.has(store),
        `stores.${i}.id`,
        `'${store.id}' is a bucket that no stack makes: one holds the static assets, one what partners send`,
        'keep its objects in one of the two or in the database, or give it a stack and a plan first',
      ),
    )
  },
)

// Replaced and deleted versions of assets end after the years of their class, without a record.
const healthDataIsNoAsset = rule('health data is not kept where versions end by themselves', ['stores'], ({ stores }) =>
  stores.flatMap(({ dataClass, kind, tier }, i) =>
    when(
      kind === 'bucket' && tier === 'static-assets' && dataClass === 'phi',
      `stores.${i}.dataClass`,
      "is 'phi' for static assets, whose old versions expire",
      'keep it in the database',
    ),
  ),
)

const healthDataIsPatientTier = rule(
  'health data is recovered to the objective of patient data',
  ['stores'],
  ({ stores }) =>
    stores.flatMap(({ dataClass, kind, tier }, i) =>
      when(
        dataClass === 'phi' && kind === 'table' && tier !== 'patient',
        `stores.${i}.tier`,
        `is '${tier}' for health data`,
        "use 'patient'",
      ),
    ),
)

const medicalRecordsKeptByLaw = rule(
  'medical records are kept at least 20 years (Lei 13.787/2018 art. 6)',
  ['dataClasses.phi.retentionYears'],
  ({ dataClasses: { phi } }) =>
    when(phi.retentionYears < 20, 'dataClasses.phi.retentionYears', `is ${phi.retentionYears}`, 'keep at least 20'),
)

export const storeRules: Rules = {
  storesAreUnique,
  everyTierProtectsAStore,
  everyBucketIsDeployed,
  healthDataIsNoAsset,
  healthDataIsPatientTier,
  medicalRecordsKeptByLaw,
}

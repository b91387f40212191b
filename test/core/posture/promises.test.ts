import type { Json } from '../../../core/json'
import { POLICY_HARMLESS, PROMISES } from '../../../core/posture/protections'
import { valuesAt } from '../../../core/posture/values-at'
import { composePolicy, ENVIRONMENTS } from '../../../policy'
import { PRESETS } from '../../policy/presets'

const policies = [...ENVIRONMENTS.map(composePolicy), ...Object.values(PRESETS)].map(
  (policy) => JSON.parse(JSON.stringify(policy)) as Json,
)
const isThere = ({ path }: { readonly path: string }) => policies.some((policy) => valuesAt(policy, path).length > 0)

it.each(PROMISES)('$path is a field of a policy of ours', (row) => expect(isThere(row)).toBe(true))

it.each(POLICY_HARMLESS)('$path, which may change, is a field of a policy of ours', (exempt) =>
  expect(isThere(exempt)).toBe(true),
)

it('a field that is not there would be noticed', () => expect(isThere({ path: 'objectives.nothing' })).toBe(false))

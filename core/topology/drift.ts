import { databaseName, nextDatabaseName, nextGeneration } from '../policy/names'
import { servingGeneration } from '../policy/serving'
import type { Policy } from '../policy'
import { isPortError } from '../ports/errors'
import type { InstanceDescription, Inventory } from '../ports/database'

type Instance = Policy['topology']['instances'][number]

/** What the declared topology wants an instance to be at this moment. */
export type DeclaredRole = 'writer' | 'replica' | 'retired'

/** One instance that is not what the policy says. */
export interface TopologyDrift {
  readonly instance: string
  readonly generation: number
  readonly declared: DeclaredRole | 'nothing'
  readonly live: InstanceDescription['role'] | 'missing' | 'unknown'
  readonly code:
    'PROMOTED' | 'NOT_PROMOTED' | 'MISSING' | 'FOLLOWS_ANOTHER' | 'UNREACHABLE' | 'NOT_ADOPTED' | 'NOT_DECLARED'
  readonly remedy: string
}

/**
 * Compares the declared topology with the live role of every instance. CloudFormation cannot: what a replica follows is a
 * property that it only writes, so a promotion outside of it is no drift to it. Empty where everything is as declared.
 * https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/949
 */
export async function topologyDrift(policy: Policy, inventory: Inventory): Promise<readonly TopologyDrift[]> {
  const found: TopologyDrift[] = []
  for (const instance of policy.topology.instances) {
    const name = databaseName(policy, instance.generation)
    const region = regionOf(policy, instance)
    const live = await describe(inventory, { region, instance: name })
    const declared = declaredRole(policy.topology, instance)
    const judged = judge(policy, instance, declared, live)
    if (judged)
      found.push({
        instance: name,
        generation: instance.generation,
        declared,
        live: live === 'unknown' ? 'unknown' : (live?.role ?? 'missing'),
        ...judged,
      })
  }
  return [...found, ...(await undeclared(policy, inventory))]
}

/** What a recovery has restored in the region that serves, under the name that comes next, and no stack knows yet. */
async function undeclared(policy: Policy, inventory: Inventory): Promise<readonly TopologyDrift[]> {
  const { active } = policy.topology
  const instance = nextDatabaseName(policy)
  const live = await describe(inventory, { region: regionOf(policy, { region: active }), instance })
  if (!live || live === 'unknown') return []
  return [
    {
      instance,
      generation: nextGeneration(policy),
      declared: 'nothing',
      live: live.role,
      code: 'NOT_DECLARED',
      remedy:
        'it was restored beside and is in no stack: declare it once it serves (docs/runbooks/adoption.md), or remove it; no other recovery begins before',
    },
  ]
}

/** The writer is what the active region serves from; what follows it is a replica; everything else has had its day. */
export function declaredRole(topology: Policy['topology'], { generation, source }: Instance): DeclaredRole {
  const writer = servingGeneration(topology, topology.active)
  if (generation === writer) return 'writer'
  return source !== undefined && source === writer ? 'replica' : 'retired'
}

type Judgement = Pick<TopologyDrift, 'code' | 'remedy'> | undefined

function judge(
  policy: Policy,
  instance: Instance,
  declared: DeclaredRole,
  live: InstanceDescription | undefined | 'unknown',
): Judgement {
  if (declared === 'retired') return undefined
  if (live === 'unknown') return { code: 'UNREACHABLE', remedy: 'its region does not answer; look again when it does' }
  if (!live) return { code: 'MISSING', remedy: 'deploy its stack, or restore it beside' }
  if (declared === 'writer') return judgeWriter(instance, live)
  if (live.role === 'primary')
    return {
      code: 'PROMOTED',
      remedy: `it was promoted outside of the stacks: set topology.active to '${instance.region}', deploy, then adopt it (docs/runbooks/adoption.md)`,
    }
  const source = databaseName(policy, instance.source!)
  if (live.source === source) return undefined
  return { code: 'FOLLOWS_ANOTHER', remedy: `it follows '${live.source ?? 'nothing'}' and should follow '${source}'` }
}

function judgeWriter({ region, source, adoption }: Instance, live: InstanceDescription): Judgement {
  if (live.role === 'replica')
    return {
      code: 'NOT_PROMOTED',
      remedy: `topology.active says '${region}', and its instance still follows '${live.source ?? 'nothing'}': fail over, or set it back`,
    }
  if (source !== undefined && adoption?.state !== 'adopted')
    return {
      code: 'NOT_ADOPTED',
      remedy: 'its stack does not declare it as the writer yet: adopt it (docs/runbooks/adoption.md)',
    }
  return undefined
}

async function describe(
  inventory: Inventory,
  ref: { readonly region: string; readonly instance: string },
): Promise<InstanceDescription | undefined | 'unknown'> {
  try {
    return await inventory.describe(ref)
  } catch (error) {
    if (isPortError(error) && error.failure === 'unreachable') return 'unknown'
    throw error
  }
}

const regionOf = ({ topology: { regions } }: Policy, { region }: Pick<Instance, 'region'>): string =>
  region === 'recovery' && 'recovery' in regions ? regions.recovery : regions.primary

import type { Stage } from 'aws-cdk-lib'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { archivedClasses, archivedParts, archivedTables } from '../../core/archive/classes'
import { contentHash } from '../../core/evidence/hash'
import { rebuiltGeneration, servingGeneration, type Policy } from '../../core/policy'
import { applicationSecrets } from '../../core/policy/login-secrets'
import { replicatedSecrets } from './replicated-secrets'
import { mostDaysIn } from '../../core/policy/retention'
import type { FunctionCode } from '../constructs/function-fleet'
import type { Surroundings } from '../function-bindings'
import { functionsOf } from '../functions'
import { Names, type DataRegionRole, type RegionRole } from '../names'
import { audiencesOf } from '../audiences'
import { restoreTestsOf } from '../restore-tests'
import type { KeysStack } from '../stacks/keys-stack'

/** One region of one environment while its stacks are put together: what every part of it has to know. */
export class Region<Role extends RegionRole = RegionRole> {
  readonly names: Names
  readonly logRetention: RetentionDays
  /** Taken once: the policy is large, and every stack with functions asks. */
  private readonly policyHash: string

  constructor(
    readonly stage: Stage,
    readonly role: Role,
    readonly policy: Policy,
    readonly code: FunctionCode,
  ) {
    this.names = new Names(policy)
    this.logRetention = logRetentionFor(policy)
    this.policyHash = contentHash(policy)
  }

  /** Name, account, region and protection of a stack of this region. */
  stack(kind: string, generation?: number) {
    return {
      stackName: this.names.stack(kind, this.role, generation),
      env: { account: this.names.accountId, region: this.names.region(this.role) },
      terminationProtection: true,
    }
  }

  /** What the functions of this region know besides their own database and keys. */
  surroundings(keys: KeysStack): Surroundings {
    const { topology, applicationTier } = this.policy
    const own = topology.instances.filter(({ region }) => region === this.role)
    const named = (instances: typeof own) => instances.map(({ generation }) => this.names.database(generation))
    const rebuilt = rebuiltGeneration(topology)
    return {
      names: this.names,
      role: this.role,
      keyArn: (purpose) => keys.key(purpose).keyArn,
      serving: (role) => this.names.database(this.serving(role)),
      ...(rebuilt !== undefined && { rebuilt: this.names.database(rebuilt) }),
      applicationHooks: applicationTier.mode === 'none' ? [] : applicationTier.hooks,
      released: this.policy.releases.components,
      audiences: audiencesOf(this.policy, this.role).map(({ audience }) => audience),
      policyHash: this.policyHash,
      ...this.deployed(),
      parameterPaths: this.policy.stores.filter(({ kind }) => kind === 'parameters').map(({ id }) => id),
      logins: this.policy.database.logins,
      secrets: applicationSecrets(this.policy),
      replicatedSecrets: replicatedSecrets(this.policy, this.names),
      restoreTestPlans:
        this.role === 'witness'
          ? []
          : restoreTestsOf(this.names, this.role, this.policy).map(({ planName }) => planName),
      archivedClasses: archivedClasses(this.policy),
      archivedTables: archivedClasses(this.policy).map((name) => [name, archivedTables(this.policy, name)]),
      archivedParts: archivedParts(this.policy),
      databaseName: this.policy.database.name,
      environment: this.policy.environment,
      instances: named(own),
      replicas: named(own.filter((instance) => instance.role === 'replica')),
    }
  }

  /** What stacks of this region make of functions. */
  private deployed(): Pick<Surroundings, 'functions' | 'queues'> {
    const own = functionsOf(this.policy)
      .map(([kind, contracts]) => ({ kind, here: contracts.filter(({ places }) => places.includes(this.role)) }))
      .filter(({ here }) => here.length > 0)
    return {
      functions: own.flatMap(({ here }) => here.map(({ name }) => name)),
      queues: own.map(({ kind }) => this.names.deadLetters(this.names.stack(kind, this.role))),
    }
  }

  /** Generation that the functions of a data region are about. Throws where the topology has none there. */
  serving(role: DataRegionRole): number {
    const generation = servingGeneration(this.policy.topology, role)
    if (generation === undefined)
      throw new Error(`the topology names no instance in the ${role} region '${this.names.region(role)}'`)
    return generation
  }
}

/** Logs are operational data; CloudWatch knows only certain retentions, so the next longer one is taken. */
function logRetentionFor({ dataClasses }: Policy): RetentionDays {
  const days = mostDaysIn(dataClasses.operational.retentionYears)
  const offered = Object.values(RetentionDays).filter((value) => typeof value === 'number')
  const shortest = offered.toSorted((a, b) => a - b).find((offer) => offer.valueOf() >= days)
  if (shortest === undefined) throw new Error(`CloudWatch Logs keeps nothing for ${days} days`)
  return shortest
}

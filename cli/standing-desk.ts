import { standingWorld } from '../adapters/local/standing-world'
import type { DeskWorld } from '../core/access/desk'
import type { Policy } from '../core/policy'
import type { OperatorOptions } from './operator'

/**
 * The same desk over a world that stands: it knows the databases there, and leaves the run of a rollback to the process of
 * whoever asked. Without such a world nothing is different.
 */
export async function overStandingWorld(
  desk: DeskWorld,
  { folder }: Pick<OperatorOptions, 'folder'>,
): Promise<DeskWorld> {
  const standing = await standingWorld(folder)
  if (!standing) return desk
  const policy = atPaceOfRehearsal(desk.policy)
  const refOf = (role: 'primary' | 'recovery') => {
    const { region, instance } = standing.instances.find((one) => one.role === role)!
    return { region, instance }
  }
  return {
    ...desk,
    policy,
    instances: { ...desk.instances, primary: refOf('primary'), replica: refOf('recovery') },
    machines: {
      has: (name, region) => name === 'rollback' || desk.machines.has(name, region),
      start: async (name, run, execution) => {
        // The process that asked drives it, also once more where the one before it died.
        return name === 'rollback' ? 'started' : desk.machines.start(name, run, execution)
      },
    },
  }
}

/** Nobody waits minutes to see whether a platform of this machine stays well. */
const atPaceOfRehearsal = (policy: Policy): Policy => ({
  ...policy,
  pace: policy.rehearsal.pace,
  releases: { ...policy.releases, ...paceOfRelease(policy.rehearsal) },
})

const paceOfRelease = ({ badRelease: { healthySeconds, monitorSeconds } }: Policy['rehearsal']) => ({
  healthySeconds,
  monitorSeconds,
})

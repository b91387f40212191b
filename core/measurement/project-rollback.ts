import type { Policy } from '../policy'
import type { Projection } from './projection'

/**
 * What production's own numbers would make of a rollback of the named components: each its usual time, one after the other, and
 * one of them as long as the policy lets it take to get well. From the moment it is applied: neither noticing nor deciding is
 * part of it.
 */
export function projectRollback({ releases }: Pick<Policy, 'releases'>, names: readonly string[]): Projection {
  const { components, putBackSeconds, healthySeconds } = releases
  const items = [
    ...components
      .filter(({ name }) => names.includes(name))
      .map(({ name, kind }) => ({
        name,
        seconds: putBackSeconds[kind],
        assumption: `a component of kind ${kind} is put back in ${putBackSeconds[kind]} s, as the policy assumes until it is measured in an account`,
      })),
    {
      name: 'get well',
      seconds: healthySeconds,
      assumption: `one of them serves at the very end of the ${healthySeconds} s that the policy gives it`,
    },
  ]
  return { items, totalSeconds: items.reduce((total, { seconds }) => total + seconds, 0) }
}

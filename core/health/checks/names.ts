import { found, judgeEach } from '../../verification/daily/judge'
import type { HealthExpectations } from '../expectations'
import type { HealthJudge } from '../judge'
import { instanceAt } from '../serving'

/** Each served name has an answer, leads where it may, and is not remembered for too long. */
export const names: HealthJudge = (facts, expected) =>
  judgeEach(
    [expected.databaseName, ...Object.keys(expected.hosts)],
    (name) => facts.names[name],
    (name, seen) => {
      if (seen === null) return [found('name-missing', name)]
      const { target, ttlSeconds } = seen
      return [
        ...(leadsWell(expected, name, target) ? [] : [found('name-astray', name, { target })]),
        ...(ttlSeconds !== undefined && ttlSeconds > expected.ttlSeconds
          ? [found('name-remembered', name, { ttlSeconds, most: expected.ttlSeconds })]
          : []),
      ]
    },
  )

const leadsWell = (expected: HealthExpectations, name: string, target: string): boolean =>
  name === expected.databaseName
    ? instanceAt(expected, target) !== undefined
    : (expected.hosts[name] ?? []).includes(target)

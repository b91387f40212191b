import type { Json } from '../core/json'
import type { Policy } from '../core/policy'
import { compile } from '../core/runbook/compile'
import { PRIVILEGES, type Privilege } from '../core/runbook/model'
import { runbookNamed } from '../core/runbook/runbooks'
import { isStarted, STARTS, type DeclaredInstances } from '../core/runbook/starts'
import type { DataRegionRole, Names, RegionRole } from './names'

/**
 * Runbooks that a region executes: each where its successor can stand, so that whatever takes over acts by itself. None in a
 * topology of one region, which has nothing to coordinate with.
 */
export const runbooksOf = (names: Names, role: RegionRole): readonly string[] =>
  names.roles.includes('recovery')
    ? Object.entries(STARTS).flatMap(([name, { executedIn }]) =>
        executedIn.some((place) => place === role) ? [name] : [],
      )
    : []

/** A runbook in Amazon States Language over the functions of one region. Throws where it could outgrow its history. */
export function runbookMachine(runbook: string, policy: Policy, names: Names, role: DataRegionRole): Json {
  if (!isStarted(runbook)) throw new Error(`no runbook is named '${runbook}'`)
  return compile(runbookNamed(runbook), {
    functionArns: runbookFunctionArns(names, role),
    // What bounds the history are the timeouts and the pace of the policy, whatever a run is about.
    input: STARTS[runbook].input(policy, anyInstances(names), {
      incidentId: 'synth',
      reasonCode: 'synth',
      target: { kind: 'time', at: '1970-01-01T00:00:00Z' },
    }),
  })
}

/** Functions of a region that hold the privileges of runbooks. */
export const runbookFunctionArns = (names: Names, role: DataRegionRole): Readonly<Record<Privilege, string>> =>
  Object.fromEntries(
    PRIVILEGES.map((privilege) => [privilege, names.functionArn(role, `runbook-${privilege}`)]),
  ) as Readonly<Record<Privilege, string>>

function anyInstances(names: Names): Required<DeclaredInstances> {
  const [primary, replica] = (['primary', 'recovery'] as const).map((role) => ({
    region: names.region(role),
    instance: names.databasePrefix,
  }))
  return { primary: primary!, replica: replica!, rebuilt: primary!, copy: primary! }
}

import type { Json } from '../core/json'
import type { Policy } from '../core/policy'
import { compile } from '../core/runbook/compile'
import type { Privilege } from '../core/runbook/model'
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
export function runbookFunctionArns(names: Names, role: DataRegionRole): Readonly<Record<Privilege, string>> {
  const arn = (privilege: Privilege) => names.functionArn(role, `runbook-${privilege}`)
  return {
    observe: arn('observe'),
    fence: arn('fence'),
    promote: arn('promote'),
    database: arn('database'),
    'switch-traffic': arn('switch-traffic'),
    application: arn('application'),
    report: arn('report'),
    restore: arn('restore'),
    'remove-copies': arn('remove-copies'),
    contain: arn('contain'),
    preserve: arn('preserve'),
    rotate: arn('rotate'),
    harden: arn('harden'),
    audit: arn('audit'),
    remedy: arn('remedy'),
    deploy: arn('deploy'),
  }
}

function anyInstances(names: Names): Required<DeclaredInstances> {
  const [primary, replica] = (['primary', 'recovery'] as const).map((role) => ({
    region: names.region(role),
    instance: names.databasePrefix,
  }))
  return { primary: primary!, replica: replica!, rebuilt: primary!, copy: primary! }
}

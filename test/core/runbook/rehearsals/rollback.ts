import type { MemoryWorld } from '../../../../adapters/memory/world'
import { runbookNamed } from '../../../../core/runbook/runbooks'
import { release, record, releasedWorld, rollbackRun } from '../released'
import { answered, approvals, DRY, failing, type Rehearsal, type Scenario } from './rehearsal'

const success: Scenario = { name: 'success', ends: 'succeeded' }
const partial: Scenario = {
  name: 'one component and what cannot serve without it',
  run: { input: { wanted: { type: 'partial', only: ['api'] } } },
  ends: 'succeeded',
}
const halfFailed: Scenario = {
  name: 'a component that does not get well, so that all go forward again',
  prepare: ({ deployments }) => void deployments.ill.add('api api-1'),
  ends: 'put-back COMPONENT_NOT_WELL',
}
const irreversible: Scenario = {
  name: 'a migration without a way back',
  prepare: ({ deployments }) => void deployments.irreversible.add('schema schema-2'),
  ends: 'assess IRREVERSIBLE',
}
const failsAgain: Scenario = {
  name: 'a platform that fails again while it is watched',
  prepare: illFrom(8),
  ends: 'monitor NOT_WELL_AGAIN',
}

/** What serves at first fails once the time has passed. */
function illFrom(seconds: number) {
  return (around: MemoryWorld): void => {
    const sleep = around.clock.sleep.bind(around.clock)
    around.clock.sleep = async (ms) => {
      await sleep(ms)
      if (around.clock.monotonicMs() >= seconds * 1000) around.deployments.ill.add('web web-1')
    }
  }
}

/** Somebody holds the lease whose run goes on. */
const underWay = async ({ stores, clock }: MemoryWorld): Promise<void> => {
  const until = new Date(clock.now().getTime() + 3_600_000).toISOString()
  await stores.recovery.create('leases/rollback-test', { owner: 'run-0', until })
}

/** Another run takes the lease while components are put back. */
const takenOver = (around: MemoryWorld): void => {
  around.deployments.settleSeconds = 20
  const sleep = around.clock.sleep.bind(around.clock)
  around.clock.sleep = async (ms) => {
    await sleep(ms)
    const held = await around.stores.recovery.get('leases/rollback-test')
    if (held)
      await around.stores.recovery.replace(held.key, { ...(held.value as object), owner: 'run-0' }, held.version)
  }
}

/** Somebody deploys by hand while people are asked. */
const changedMeanwhile = (around: MemoryWorld): void => {
  answered(true)(around)
  const sleep = around.clock.sleep.bind(around.clock)
  around.clock.sleep = async (ms) => {
    await sleep(ms)
    around.deployments.deploy('api', 'api-3')
  }
}

export const rollback: Rehearsal = {
  runbook: runbookNamed('rollback'),
  world: releasedWorld,
  run: () => rollbackRun(),
  scenarios: [
    success,
    partial,
    halfFailed,
    irreversible,
    failsAgain,
    DRY,
    ...approvals('approve'),
    {
      name: 'settings alone',
      run: { input: { wanted: { type: 'config-only' } } },
      ends: 'succeeded',
    },
    {
      name: 'a critical incident, reviewed afterwards',
      run: { input: { operation: 'approval', wanted: { type: 'full', critical: true } } },
      ends: 'succeeded',
    },
    {
      name: 'components that take their time',
      prepare: ({ deployments }) => void (deployments.settleSeconds = 12),
      ends: 'succeeded',
    },
    { name: 'a plan that is stale', run: { input: { planHash: '0'.repeat(64) } }, ends: 'assess PLAN_STALE' },
    {
      name: 'a platform that changes while people are asked',
      prepare: changedMeanwhile,
      run: { input: { operation: 'approval' } },
      ends: 'lease PLAN_STALE',
    },
    {
      name: 'nothing to go back to',
      prepare: async (around) => record(around, release(3, { components: {}, health: 'unhealthy' })),
      run: { input: { wanted: { type: 'full', to: 9 } } },
      ends: 'assess RELEASE_UNKNOWN',
    },
    {
      name: 'a version that is gone',
      prepare: ({ deployments }) => deployments.forget('web', 'web-1'),
      ends: 'assess VERSION_GONE',
    },
    { name: 'another rollback that is under way', prepare: underWay, ends: 'lease ROLLBACK_UNDER_WAY' },
    { name: 'another rollback that takes over', prepare: takenOver, ends: 'put-back LEASE_LOST' },
    {
      name: 'a component that never comes',
      prepare: ({ deployments }) => void deployments.stuck.add('settings'),
      ends: 'put-back COMPONENT_NOT_IN_FORCE',
    },
    { name: 'a retry that helps', prepare: failing('deployments.putInForce', 'throttled', 2), ends: 'succeeded' },
    {
      name: 'retries that do not',
      prepare: failing('deployments.putInForce', 'throttled'),
      ends: 'put-back INJECTED_THROTTLED',
    },
    {
      name: 'a role that may not',
      prepare: failing('deployments.putInForce', 'denied'),
      ends: 'put-back INJECTED_DENIED',
    },
    {
      name: 'a database that does not answer',
      prepare: failing('database.proveWrite', 'throttled'),
      ends: 'succeeded',
    },
    {
      name: 'a platform that does not serve though all is back',
      prepare: ({ deployments }) => {
        deployments.deploy('assets', 'assets-1')
        deployments.ill.add('assets assets-1')
      },
      run: { input: { wanted: { type: 'partial', only: ['api'] } } },
      ends: 'put-back COMPONENT_NOT_WELL',
    },
    {
      name: 'controls that nobody can validate',
      prepare: failing('controls.validate', 'denied'),
      ends: 'succeeded',
    },
    { name: 'damaged data', prepare: (around) => void (around.verdict = 'fail'), ends: 'validate DATA_INVALID' },
    {
      name: 'data that nobody can judge',
      prepare: (around) => {
        around.verdict = 'inconclusive'
        answered(true)(around)
      },
      ends: 'succeeded',
    },
    {
      name: 'a list that could not be made',
      prepare: failing('deployments.setAside', 'denied'),
      ends: 'succeeded',
    },
  ],
  crashes: [success, partial, halfFailed, failsAgain],
}

import { setTimeout as sleep } from 'node:timers/promises'
import { standingLogin } from '../../adapters/local/standing-world'
import { SUPERUSER } from '../../adapters/local/world-plan'
import { withSession } from '../../adapters/postgres/connect'
import { takeRollbackLease } from '../../core/coordination/rollback-lease'
import { digestIn, useStandingWorld } from './standing'

const standing = useStandingWorld()
const { run, start } = standing
const rollback = (...args: string[]) => [
  'rollback',
  'production',
  'Critical bug causing data corruption',
  'full',
  ...args,
]

/** Nobody comes to an invoice before the work has ended, so that no version of the program that writes them gets well. */
async function withInvoicesLocked<T>(work: () => Promise<T>): Promise<T> {
  const world = standing.world!
  const { endpoint } = world.instances.find(({ role }) => role === 'primary')!
  return withSession(endpoint, await standingLogin(world, SUPERUSER), 120_000, async (client) => {
    await client.query('begin')
    await client.query('lock table clinic.invoices in access exclusive mode')
    return work()
  })
}

/** Another run finds that the lease has not been renewed in time, and takes it. */
async function takeOver(owner: string): Promise<void> {
  const { recovery } = standing.stores()
  const claim = { environment: 'production', owner, seconds: 3600 }
  // Its driver believes that an hour has passed: what the holder has seen of the time does not count.
  const now = new Date(Date.now() + 3_600_000)
  while ((await takeRollbackLease(recovery, { ...claim, now })).owner !== owner) await sleep(50)
}

it('stops between two components where another run has taken over, says what it has changed, and a new run mends that', async () => {
  const healthy = await standing.inForce()
  await run('release', 'record', 'v1.4.0', '--environment', 'production')
  await run('world', 'deploy', 'v1.5.0')
  const bad = await standing.inForce()
  const digest = digestIn(await run(...rollback()))

  const lost = await withInvoicesLocked(async () => {
    const running = start(...rollback('--apply', digest, '--critical'))
    await running.said('Put back each component, and see it serve: polling')
    await takeOver('another-run')
    return running.ended
  })
  expect([lost.code, lost.out]).toEqual([1, expect.stringContaining('stopped by LEASE_LOST in put-back')])
  const [, names = ''] = /half done: (.*) may not be in force as before/.exec(lost.out) ?? []
  expect(lost.out).toMatch(
    /1\. lease: Another rollback has taken over\.[^]*2\. put-back: Put the versions in force again/,
  )
  // Whatever is not as it was, was told; and the schema is not among it.
  const left = await standing.inForce()
  const changed = Object.keys(bad).filter((name) => left[name] !== bad[name])
  expect(changed).not.toEqual([])
  expect(names.split(', ')).toEqual(expect.arrayContaining(changed))
  expect(names.split(', ')).not.toContain('schema')

  // As long as the other one is at it, nobody else is.
  const next = digestIn(await run(...rollback()))
  expect(await run(...rollback('--apply', next, '--critical'))).toMatchObject({
    code: 1,
    out: expect.stringMatching(/ROLLBACK_UNDER_WAY in lease[^]*this run has left nothing changed/),
  })
  await standing.rewrite('leases/rollback-production', (held) => ({ ...held, until: '2000-01-01T00:00:00.000Z' }))
  const mended = await run(...rollback('--apply', digestIn(await run(...rollback())), '--critical'))
  expect([mended.code, mended.out]).toEqual([0, expect.stringContaining('everything serves again')])
  expect(await standing.inForce()).toEqual(healthy)
}, 300_000)

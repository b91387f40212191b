import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newestAttempts } from '../../../adapters/local/client-attempts'
import { FolderWriteOnceStore } from '../../../adapters/local/folder-write-once-store'
import { rehearsedPlace, rehearsedProbes, type RehearsedPlatform } from '../../../adapters/local/health-probes'
import { startWorld } from '../../../adapters/local/world'
import { systemClock } from '../../../adapters/local/clock'
import { withSession } from '../../../adapters/postgres/connect'
import { FENCE_ROLE } from '../../../adapters/postgres/guard-schema'
import { healthOf } from '../../../core/health/health-of'
import { resolvePolicy } from '../../../policy'
import { describeHealthProbes } from '../../contracts/health-probes'
import { recordDailyLook } from '../../core/health/daily-look'
import { startPage } from '../net/servers'

const policy = resolvePolicy('test')

/** A world with a page beside it, and how it is looked at from each region. */
async function rehearsal() {
  const world = await startWorld({ policy, rows: 100, replication: 'async' })
  const page = await startPage()
  const evidence = new FolderWriteOnceStore(join(world.folder, 'evidence'))
  const { servedName, dnsPort, instances } = world.reached()
  const platform = (own: RehearsedPlatform['own']): RehearsedPlatform => ({
    region: own.region,
    servedName,
    dnsPort,
    pageUrl: page.url,
    endpoints: instances.map(({ endpoint }) => endpoint),
    instances: [world.primary, world.replica],
    own,
    session: (endpoint, deadlineMs, work) => withSession(endpoint, world.plan.login(FENCE_ROLE), deadlineMs, work),
    backups: true,
    evidence,
  })
  const signalWriter = (signal: 'SIGSTOP' | 'SIGCONT') => {
    const file = join(world.folder, world.primary.region, world.primary.instance, 'postmaster.pid')
    process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), signal)
  }
  return { world, page, evidence, platform, signalWriter }
}

describeHealthProbes('a rehearsal', async () => {
  const { world, page, evidence, platform, signalWriter } = await rehearsal()
  const { primary, replica } = world
  return {
    probes: rehearsedProbes(platform(primary), policy),
    name: world.plan.servedName,
    target: world.plan.endpointNames.primary,
    subject: world.plan.endpointNames.primary,
    stranger: `nobody.${primary.region}.db.localhost`,
    writer: primary,
    replica,
    page: page.be,
    // It takes connections and answers none, as a machine that hangs.
    loseWriter: () => signalWriter('SIGSTOP'),
    bringBackWriter: () => signalWriter('SIGCONT'),
    lookAtBackups: (outcome) => recordDailyLook(evidence, primary.region, outcome, systemClock.now()),
    remove: async () => {
      signalWriter('SIGCONT')
      await page.close()
      await world.remove()
    },
  }
})

describe('the health of a rehearsal', () => {
  it('is well from both regions, and tells of a database that is gone', async () => {
    const { world, page, evidence, platform } = await rehearsal()
    try {
      const looked = (own: RehearsedPlatform['own']) =>
        healthOf({
          policy,
          clock: systemClock,
          place: rehearsedPlace(platform(own)),
          probes: rehearsedProbes(platform(own), policy),
        })
      for (const { region } of [world.primary, world.replica])
        await recordDailyLook(evidence, region, 'succeeded', systemClock.now())
      const well = await Promise.all([looked(world.primary), looked(world.replica)])
      expect(well.flatMap(({ checks }) => checks.filter(({ verdict }) => verdict !== 'healthy'))).toEqual([])
      expect(well.map(({ serving }) => serving)).toEqual(['up', 'up'])

      await world.faults.inject('process')
      const [here, there] = await Promise.all([looked(world.primary), looked(world.replica)])
      const found = (checks: typeof here.checks) =>
        checks.flatMap(({ check, findings }) => findings.map(({ code }) => `${check} ${code}`))
      expect(found(here.checks)).toEqual(['database-read read-refused'])
      expect([here.verdict, here.serving]).toEqual(['unhealthy', 'down'])
      expect(found(there.checks)).toContain('replica replica-silent')
    } finally {
      await page.close()
      await world.remove()
    }
  }, 180_000)
})

describe('the newest attempts of a log', () => {
  const folder = mkdtempSync(join(tmpdir(), 'neonpro-attempts-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const log = join(folder, 'attempts.jsonl')
  const event = (kind: string, sequence: number, wallMs: number) =>
    `${JSON.stringify({ kind, sequence, client: 0, atNs: '1', wallMs })}\n`
  const of = (most: number, nowMs: number) => newestAttempts(log, most, { freshMs: 1000, nowMs })

  it('are counted from its end, and tell nothing once nobody works any more', async () => {
    expect(await of(10, 0)).toBeUndefined()
    for (let at = 0; at < 500; at += 1)
      appendFileSync(log, event('intent', at, at) + event(at % 10 === 0 ? 'unknown' : 'acknowledged', at, at))
    appendFileSync(log, event('intent', 500, 500) + '{"kind":"unkn')
    expect(await of(100, 900)).toEqual({ asked: 100, answered: 90 })
    expect(await of(1000, 900)).toEqual({ asked: 500, answered: 450 })
    expect(await of(100, 5000)).toBeUndefined()
  })
})

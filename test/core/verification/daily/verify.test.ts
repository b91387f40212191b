import { PortError } from '../../../../core/ports/errors'
import { verifyDay } from '../../../../core/verification/daily/verify'
import type { DailyWorld } from '../../../../core/verification/daily/world'
import { resolvePolicy } from '../../../../policy'
import { healthyEstate } from './estate'
import { memoryDay, type MemoryDay } from './memory-estate'

const policy = resolvePolicy('production')
const NOW = new Date('2026-11-28T12:00:00.000Z')
const day = (role: 'primary' | 'recovery') => memoryDay(policy, role, healthyEstate(policy, role, NOW))
const refuse = async (): Promise<never> => {
  throw new PortError('denied', 'AccessDenied', 'refused')
}
const refuseAll = async function* (): AsyncIterable<never> {
  yield await refuse()
}

async function records({ evidenceStore }: MemoryDay) {
  const found: { outcome: string; measurements: Record<string, unknown> }[] = []
  for await (const key of evidenceStore.keys('records/')) found.push(JSON.parse((await evidenceStore.get(key))!))
  return found
}

describe('what could not be looked at', () => {
  const BLINDFOLDS: [string, 'primary' | 'recovery', (world: MemoryDay) => Partial<DailyWorld>, string[]][] = [
    ['the locks', 'primary', ({ points }) => (Object.assign(points, { vault: refuse }), {}), ['vault-locks']],
    [
      'the recovery points',
      'primary',
      ({ points }) => (Object.assign(points, { page: refuse }), {}),
      ['completion', 'encryption', 'lifecycle', 'early-end', 'capacity', 'coverage'],
    ],
    ['the databases', 'primary', ({ points }) => (Object.assign(points, { holders: refuseAll }), {}), ['coverage']],
    ['the window', 'primary', () => ({ restore: { window: refuse } }), ['restorable-time']],
    ['the replica', 'recovery', () => ({ replication: refuse }), ['replication']],
    [
      'the receiver of the replica',
      'recovery',
      () => ({ replication: async () => ({ receives: 'unknown', heartbeatAt: NOW.toISOString() }) }),
      ['replication'],
    ],
    ['the archive', 'primary', () => ({ archive: { holds: refuse } }), ['archive']],
    ['the key of the code', 'primary', ({ code }) => ({ code: { ...code, publicKey: refuse } }), ['code']],
    ['the settings', 'primary', () => ({ configuration: { settings: refuseAll } }), ['configuration']],
    [
      'the copy of the environment',
      'recovery',
      ({ copy }) => ({ copy: { ...copy, store: { ...copy.store, keys: refuseAll, get: refuse, create: refuse } } }),
      ['environment-backup'],
    ],
    ['the storage', 'primary', () => ({ storage: { of: refuse } }), ['capacity']],
    ['a storage that nobody measures', 'primary', () => ({ storage: { of: async () => undefined } }), ['capacity']],
  ]

  it.each(BLINDFOLDS)('%s: leaves open what it decides, and nothing else', async (_name, role, blind, checks) => {
    const world = await day(role)
    const verdict = await verifyDay({ ...world, ...blind(world) })
    expect(verdict.checks.filter(({ verdict: of }) => of !== 'pass').map(({ check }) => check)).toEqual(checks)
    expect(verdict.verdict).toBe('inconclusive')
    expect((await records(world)).map(({ outcome }) => outcome)).toEqual(['inconclusive'])
  })

  it('a mistake of ours is no verdict', async () => {
    const world = await day('primary')
    const broken = async () => {
      throw new TypeError('ours')
    }
    await expect(verifyDay({ ...world, restore: { window: broken } })).rejects.toThrow('ours')
  })
})

it('leaves one record of each run: verdicts, counts and the time of the look', async () => {
  const world = await day('primary')
  await verifyDay(world)
  await world.clock.sleep(3_600_000)
  await verifyDay(world)
  const all = await records(world)
  expect(all).toHaveLength(2)
  expect(all[0]).toMatchObject({
    kind: 'daily-verification',
    outcome: 'succeeded',
    measurements: { findingsTotal: 0, recoveryPoints: 62, checks: { completion: 'pass', capacity: 'pass' } },
  })
})

it('a reading that ran out of time is judged by no half of it, and the next run ends it', async () => {
  const world = await day('primary')
  const { points, clock } = world
  const earliest = new Date(NOW.getTime() - 34 * 86_400_000).toISOString()
  const slow: Partial<DailyWorld> = {
    restore: { window: async () => ({ earliest, latest: new Date(clock.now().getTime() - 60_000).toISOString() }) },
    points: Object.assign(Object.create(points) as typeof points, {
      page: async (...args: Parameters<typeof points.page>) => {
        await clock.sleep(200_000)
        return points.page(...args)
      },
    }),
  }
  const verdicts: string[] = []
  for (let run = 0; run < 5; run += 1) verdicts.push((await verifyDay({ ...world, ...slow })).verdict)
  // Ten pages of two vaults, three in the time of a run; the last run begins anew.
  expect(verdicts).toEqual(['inconclusive', 'inconclusive', 'inconclusive', 'pass', 'inconclusive'])
})

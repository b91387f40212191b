import type { Json } from '../../json'
import { expectationsOf, type Expectations } from './expectations'
import { gather, holdersOf, seenOf } from './gather'
import { judgeDay, type DailyVerdict } from './judges'
import { keep, leftOff } from './progress'
import { isWhole, newReading, readVaults, type Reading } from './scan'
import { look, type Seen } from './seen'
import type { DailyWorld } from './world'

/** Findings that go into one record; how many there are in all stands beside them. */
const MOST_RECORDED = 50

/**
 * One run of the daily checks of a region: reads its vaults, looks at the rest, judges, and leaves evidence. A run that has not
 * read everything in its time leaves what it has read to the next one, and says so as inconclusive; nothing is judged by half.
 */
export async function verifyDay(world: DailyWorld): Promise<DailyVerdict> {
  const { policy, role, clock } = world
  const startedAt = clock.now()
  const expected = expectationsOf(policy, role)
  const holders = await holdersOf(world)
  const read = await look(() => readOn(world, expected, startedAt, holders))
  const vaults = expected.locks.map(({ vault }) => vault)
  const points = seenOf(vaults, read)
  const verdict = judgeDay(await gather(world, expected, holders, points), expected)
  await record(world, verdict, startedAt, read)
  return verdict
}

async function readOn(
  world: DailyWorld,
  expected: Expectations,
  startedAt: Date,
  holders: Awaited<ReturnType<typeof holdersOf>>,
): Promise<Reading> {
  const { policy, points, clock, progress } = world
  const { everyMinutes, readingSeconds } = policy.verification.daily
  const vaults = expected.locks.map(({ vault }) => vault)
  const before = await leftOff(progress, expected.region, new Date(startedAt.getTime() - 2 * everyMinutes * 60_000))
  const named = holders.seen ? holders.value.map(({ name }) => name) : []
  const resources = [...new Set([...expected.histories.map(({ resource }) => resource), ...named])]
  const reading = await readVaults(
    { points, clock, vaults, resources, budgetMs: readingSeconds * 1000 },
    before?.reading ?? newReading(startedAt),
  )
  const whole = isWhole(reading, vaults)
  // A reading that needed one run alone has nothing to leave behind.
  if (!whole || before) await keep(progress, expected.region, { reading, step: (before?.step ?? 0) + 1 }, whole)
  return reading
}

async function record(
  { evidence, clock }: DailyWorld,
  { region, verdict, checks, notExpected }: DailyVerdict,
  startedAt: Date,
  read: Seen<Reading>,
): Promise<void> {
  const findings = checks.flatMap(({ findings: all }) => all)
  const measurements: Record<string, Json> = {
    checks: Object.fromEntries(checks.map(({ check, verdict: of }) => [check, of])),
    unseen: Object.fromEntries(
      checks.filter(({ unseen }) => unseen.length > 0).map(({ check, unseen }) => [check, [...unseen]]),
    ),
    notExpected: [...notExpected],
    findings: findings.slice(0, MOST_RECORDED).map(({ code, subject, detail }) => ({ code, subject, detail })),
    findingsTotal: findings.length,
    recoveryPoints: read.seen ? Object.values(read.value.done).reduce((sum, { points }) => sum + points, 0) : null,
    readSince: read.seen ? read.value.startedAt : null,
  }
  await evidence.append({
    key: `daily-verification/${region}/${startedAt.toISOString()}`,
    kind: 'daily-verification',
    subject: 'backups',
    startedAt: startedAt.toISOString(),
    finishedAt: clock.now().toISOString(),
    outcome: verdict === 'pass' ? 'succeeded' : verdict === 'fail' ? 'failed' : 'inconclusive',
    measurements,
    artefacts: [],
    controls: ['BACKUPS-VERIFIED'],
    actor: 'daily-verification',
  })
}

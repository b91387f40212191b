import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fetchClient } from '../../adapters/local/postgres-client-package'
import { RegionFolder } from '../../adapters/local/daily-world'
import { withRecoveryRegion } from '../../core/policy'
import type { VaultKind } from '../../core/ports/recovery-points'
import { databaseFailure } from '../../drills/database-failure'
import { regionalOutage } from '../../drills/regional-outage'
import { calmPolicy } from '../setup/calm-policy'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { estateIn } from '../adapters/local/estate-in-folder'
import { recovery } from '../cli/recovery'
import { essence, inLambda, type Said } from '../cli/same-verdict'
import { stopClock } from '../setup/stopped-clock'
import { functionEnvironment } from '../lambda/environment'

const policy = withRecoveryRegion(calmPolicy())
const { primary, recovery: far } = policy.topology.regions
const ROLES = ['primary', 'recovery'] as const

const aws = useFakeAws()
const environment = functionEnvironment()
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drill-'))
})
afterEach(async () => {
  jest.useRealTimers()
  await rm(folder, { recursive: true, force: true })
})
beforeAll(() => fetchClient(), 120_000)
afterAll(() => environment.remove())

const SIZE = { policy, rows: 200, clients: 1, leavesBackups: true }
const silent = { emit: () => undefined }
// The chart library is an ES module, which this runner cannot load.
const noCharts = async () => ({ timeline: '', throughput: '', latency: '' })

/** What the command says of the folder, once the function has said the same of the same estate in AWS. */
async function verdictOfBoth(): Promise<{ code: number | null; said: Said; findings: string[] }> {
  const now = new Date()
  stopClock(now)
  const { code, out } = await recovery(
    'verify',
    '--target',
    'local',
    '--environment',
    'test',
    '--folder',
    folder,
    '--json',
  )
  const said = JSON.parse(out) as Said
  for (const [at, role] of ROLES.entries()) {
    // An account of its own for each: the stand-in knows one region.
    aws.current.rds.instances.clear()
    const estate = await estateIn(join(folder, 'backups'), policy, role, now)
    const there = await inLambda(aws.current, environment.variables, policy, role, estate)
    expect(essence(said.regions[at]!)).toEqual(essence(there))
  }
  const findings = said.regions.flatMap(({ region, checks }) =>
    checks.flatMap((check) => check.findings.map(({ code: of }) => `${region} ${of}`)),
  )
  return { code, said, findings }
}

async function unpacked(region: string, kind: VaultKind, into: string): Promise<string[]> {
  const { points } = new RegionFolder(join(folder, 'backups'), region)
  const [point] = (await points.page(kind)).points.filter(({ resource }) => resource.includes('-db-'))
  const tar = spawn('tar', ['--extract', '--gzip', '--directory', into], { stdio: ['pipe', 'ignore', 'inherit'] })
  const ended = new Promise((resolve) => void tar.once('close', resolve))
  await pipeline(points.content(kind, point!.id), tar.stdin)
  expect(await ended).toBe(0)
  return readdir(into)
}

test('after a zone failover everything is protected, says the daily look here and in AWS', async () => {
  await databaseFailure({ ...SIZE, fault: 'process', zone: 'sync', folder }, silent, noCharts)
  const { code, said, findings } = await verdictOfBoth()
  expect(findings).toEqual([])
  expect([said.verdict, code]).toEqual(['pass', 0])

  // What the points hold is what their names say: the copy of the far region is the snapshot of the near one.
  const [near, copied] = [await mkdtemp(join(folder, 'near-')), await mkdtemp(join(folder, 'far-'))]
  expect(await unpacked(primary, 'snapshots', near)).toEqual(['data', 'server.log'])
  await unpacked(far, 'copies', copied)
  const label = async (root: string) => readFile(join(root, 'data', 'backup_label'), 'utf8')
  expect(await label(copied)).toBe(await label(near))
  const first = /\(file ([0-9A-F]{24})\)/.exec(await label(near))![1]
  expect((await unpacked(primary, 'pitr', await mkdtemp(join(folder, 'log-'))))[0]).toBe(first)
  const here = ['--target', 'local', '--environment', 'test', '--folder', folder]
  const dumps = await recovery('archive', 'read-back', ...here, '--part', 'dump')
  expect(dumps).toEqual({ code: 0, out: expect.stringContaining('dump of phi: 1 objects'), err: '' })
  // Exports are made in AWS alone: nothing is known of them here.
  expect(await recovery('archive', 'read-back', ...here)).toMatchObject({ code: 2 })
  const [evidence, keys] = [join(folder, 'evidence'), join(folder, 'keys')]
  expect(await recovery('evidence', 'verify', '--folder', evidence, '--keys', keys)).toMatchObject({ code: 0 })
}, 180_000)

test('after a regional outage and the way back a replica follows again, and the daily look names what nothing backs up, here and in AWS', async () => {
  await regionalOutage(
    {
      ...SIZE,
      fault: 'host',
      replication: 'async',
      replayPausedSeconds: 0,
      failback: true,
      clinic: { roundTripMs: 0 },
      folder,
    },
    silent,
    noCharts,
  )
  const { code, said, findings } = await verdictOfBoth()
  expect([said.verdict, code]).toEqual(['fail', 1])
  // The old writer of each region stands there, closed: it holds data of its own that nothing backs up.
  expect(findings).toEqual([`${primary} unprotected`, `${far} unprotected`])
  expect(said.regions[1]!.checks).toContainEqual(
    expect.objectContaining({ check: 'replication', verdict: 'pass', looked: 1, unseen: [] }),
  )
}, 240_000)

import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '../../adapters/memory/clock'
import { MemoryDeployments } from '../../adapters/memory/deployments'
import { resolvePolicy } from '../../policy'
import { recovery } from './recovery'

const deployed: { now?: MemoryDeployments } = {}
jest.mock('../../cli/standing-deployments', () => ({ standingDeployments: async () => deployed.now }))

const { components } = resolvePolicy('test').releases
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'release-'))
  git('init', '--quiet')
  git('config', 'user.name', 'operator')
  git('config', 'user.email', 'operator@example.invalid')
  jest.spyOn(process, 'cwd').mockReturnValue(folder)
  deployed.now = new MemoryDeployments(new VirtualClock(new Date('2026-11-23T12:00:00.000Z')))
  deploy('v1')
})
afterEach(async () => {
  jest.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})

const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim()
const deploy = (version: string) => components.forEach(({ name }) => deployed.now!.deploy(name, version))
const release = (command: string, ...args: string[]) => recovery('release', command, ...common(), ...args)
const common = () =>
  '--target local --environment test --as operator/one --folder'.split(' ').concat(join(folder, 'world'))
const committed = async (text: string) => {
  await writeFile(join(folder, 'file'), text)
  git('add', 'file')
  git('commit', '--quiet', '--message', text)
  return git('rev-parse', 'HEAD')
}

it('records what is deployed, lists it, and shows what it changed', async () => {
  expect(await release('list')).toMatchObject({ code: 0, out: 'nothing was released\n' })
  expect(await release('record', 'v1.0.0')).toMatchObject({
    code: 0,
    out: "release 1 (v1.0.0) is recorded: healthy\nthe data can return to marker 'before-release-1'\n",
  })
  expect((await release('record', 'v1.0.0')).out).toContain('stands already')
  deployed.now!.deploy('api', 'v2')
  deployed.now!.ill.add('api v2')
  expect((await release('record', 'v1.1.0')).out).toContain('release 2 (v1.1.0) is recorded: unhealthy')
  const { out } = await release('list')
  expect(out.split('\n').map((line) => line.split(/\s+/).toSpliced(2, 1))).toEqual([
    ['2', 'v1.1.0', 'unhealthy'],
    ['1', 'v1.0.0', 'healthy'],
    [''],
  ])
  expect((await release('show', '2')).out).toContain('changed:\n  api: v1 -> v2\n')
  const { release: shown } = JSON.parse((await release('show', 'v1.1.0', '--json')).out) as { release: object }
  expect(shown).toMatchObject({ sequence: 2, environment: 'test', components: { api: 'v2', web: 'v1' } })
})

it('puts an annotated tag on the commit that was deployed, once, and moves none', async () => {
  const commit = await committed('first')
  await release('record', 'v1.0.0', '--commit', commit)
  expect(await release('tag', '1')).toMatchObject({ code: 0, out: `v1.0.0 stands on ${commit}\n` })
  expect(git('cat-file', '-t', 'v1.0.0')).toBe('tag')
  expect((await release('tag', 'v1.0.0')).out).toBe(`v1.0.0 stood on ${commit}\n`)

  const later = await committed('second')
  deploy('v2')
  await release('record', 'v1.0.0', '--commit', later)
  const refused = await release('tag', '2')
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining(`'v1.0.0' stands on ${commit}`) })
  expect(git('rev-parse', 'v1.0.0^{commit}')).toBe(commit)
})

it('knows the commit by the tag of this repository, and tags nothing that it does not hold', async () => {
  const commit = await committed('first')
  git('tag', '--annotate', 'v1.0.0', '--message', 'Release v1.0.0')
  await release('record', 'v1.0.0')
  expect((await release('show', '1')).out).toContain(`commit ${commit}`)
  deploy('v2')
  await release('record', 'v2.0.0', '--commit', 'a'.repeat(40))
  expect(await release('tag', '2')).toMatchObject({ code: 1, err: expect.stringContaining('does not hold') })
  deploy('v3')
  await release('record', 'v3.0.0')
  expect((await release('tag', '3')).err).toContain('without its commit')
  expect(git('tag')).toBe('v1.0.0')
})

it('refuses with what to do: nothing deployed, an unknown release, a role that may not, a tag out of form', async () => {
  expect((await release('show', '7')).err).toContain("has no release '7'")
  expect((await release('record', 'v 1')).code).toBe(1)
  expect((await release('record', 'v1.0.0', '--as', 'auditor/two')).err).toContain('may not')
  delete deployed.now
  expect((await release('record', 'v1.0.0')).err).toContain('nothing that is deployed can be read here')
  const { code, out } = await release('show', '7', '--json')
  expect({ code, error: (JSON.parse(out) as { error: { code: string } }).error.code }).toEqual({
    code: 1,
    error: 'RELEASE_UNKNOWN',
  })
})

it.each(['0', '-1', '1.5', 'abc', '', '101'])("lists no '%s' releases, and says how many it may be", async (most) => {
  expect(await release('list', `--most=${most}`)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining(`expected a whole number from 1 to 100, got '${most}'`),
  })
})

it.each([
  ['1', ['v1.2.0']],
  ['2', ['v1.2.0', 'v1.1.0']],
  ['100', ['v1.2.0', 'v1.1.0', 'v1.0.0']],
])('lists the newest %s releases', async (most, tags) => {
  for (const tag of ['v1.0.0', 'v1.1.0', 'v1.2.0']) {
    deploy(tag)
    await release('record', tag)
  }
  const { out } = await release('list', '--most', most, '--json')
  const { releases } = JSON.parse(out) as { releases: readonly { tag: string }[] }
  expect(releases.map(({ tag }) => tag)).toEqual(tags)
})

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { baseCommit, deployedIn, recordsAt, textAt } from '../../scripts/posture-base'

const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'posture-base-'))
  folders.push(folder)
  return folder
}

/** Git that knows nothing of the machine it runs on. */
const ENVIRONMENT = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Author',
  GIT_AUTHOR_EMAIL: 'author@example.org',
  GIT_COMMITTER_NAME: 'Author',
  GIT_COMMITTER_EMAIL: 'author@example.org',
}
const git = (folder: string, ...args: string[]): string =>
  execFileSync('git', args, {
    cwd: folder,
    env: ENVIRONMENT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()

function commit(folder: string, files: Readonly<Record<string, string>> = {}): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  git(folder, 'add', '--all')
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'change')
  return git(folder, 'rev-parse', 'HEAD')
}
function repository(): string {
  const folder = newFolder()
  git(folder, 'init', '--quiet', '--initial-branch=main')
  return folder
}
function cloneOf(origin: string, ...options: string[]): string {
  const folder = newFolder()
  git(folder, 'clone', '--quiet', ...options, `file://${origin}`, '.')
  return folder
}

const CI = { CI: '1' }

describe('the commit that a posture is compared with', () => {
  it('is where a branch left the main one, however many commits ago', () => {
    const origin = repository()
    const left = commit(origin)
    const branch = cloneOf(origin)
    git(branch, 'switch', '--quiet', '--create', 'work')
    commit(branch)
    const named = git(branch, 'rev-parse', 'HEAD')
    commit(branch)
    expect(baseCommit(branch, CI)).toBe(left)
    expect(baseCommit(branch, { ...CI, POSTURE_BASE: named })).toBe(named)
    expect(() => baseCommit(branch, { ...CI, POSTURE_BASE: 'nowhere' })).toThrow("no commit 'nowhere' is here")
  })

  it('is the first parent on the main branch itself, and without a remote', () => {
    const origin = repository()
    const before = commit(origin)
    git(origin, 'switch', '--quiet', '--create', 'work')
    commit(origin)
    git(origin, 'switch', '--quiet', 'main')
    git(origin, 'merge', '--quiet', '--no-ff', 'work')
    expect(baseCommit(origin, CI)).toBe(before)
    expect(baseCommit(cloneOf(origin), CI)).toBe(before)
  })

  it('is missed in CI alone where there is none', () => {
    const origin = repository()
    commit(origin)
    expect(baseCommit(origin, {})).toBeUndefined()
    expect(() => baseCommit(origin, CI)).toThrow('nothing to compare with')
  })

  it.each([
    ['no parent is here', '1'],
    ["only parents of the branch's own are here", '2'],
  ])('is missed in a shallow clone where %s, which says so', (_, depth) => {
    const origin = repository()
    commit(origin)
    git(origin, 'switch', '--quiet', '--create', 'work')
    for (let times = 0; times < 3; times++) commit(origin)
    const clone = cloneOf(origin, '--depth', depth, '--branch', 'work')
    expect(baseCommit(clone, {})).toBeUndefined()
    expect(() => baseCommit(clone, CI)).toThrow('this is a shallow clone')
  })
})

describe('what a commit has', () => {
  const RECORD = {
    id: 'change-12',
    environment: 'staging',
    owner: 'a role that has left the policy',
    reason: 'the instance is rebuilt, and its history is held elsewhere',
    approvals: ['Compliance Officer', 'Medical Director'].map((role, at) => ({
      role,
      person: `sha256:${String(at).repeat(64)}`,
      approvedOn: '2026-11-20',
      reference: 'minutes 12',
    })),
    expires: '2026-12-01',
    weakenings: [{ subject: 'database/Db', path: 'BackupRetentionPeriod', before: 35, after: 14 }],
  }

  it('is a file as it was, and none where it came later', () => {
    const folder = repository()
    const before = commit(folder)
    const first = commit(folder, { 'baselines/production.json': 'old' })
    commit(folder, { 'baselines/production.json': 'new' })
    expect(textAt(folder, first, 'baselines/production.json')).toBe('old')
    expect(textAt(folder, before, 'baselines/production.json')).toBeUndefined()
    expect(() => textAt(folder, '0'.repeat(40), 'baselines/production.json')).toThrow()
  })

  it('is a record that was deleted since', () => {
    const folder = repository()
    const none = commit(folder)
    const base = commit(folder, { 'changes/ü 12.json': JSON.stringify(RECORD), 'changes/README.md': 'words' })
    rmSync(join(folder, 'changes'), { recursive: true })
    commit(folder)
    expect(recordsAt(folder, base, 'changes')).toEqual([RECORD])
    expect(recordsAt(folder, none, 'changes')).toEqual([])
  })

  it('is never passed over: a record that cannot be understood is refused', () => {
    const folder = repository()
    const base = commit(folder, { 'changes/x.json': '{}' })
    expect(() => recordsAt(folder, base, 'changes')).toThrow(`'${base}:changes/x.json' is refused`)
  })
})

it('holds an environment for good once it was deployed, whatever a branch says of it', () => {
  const none = '{ "environments": [] }'
  expect([...deployedIn(none, undefined)]).toEqual([])
  expect([...deployedIn(none, '{ "environments": ["production"] }')]).toEqual(['production'])
  expect(() => deployedIn('{ "deployed": true }')).toThrow()
})

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(__dirname, '../..')
const TSX = join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs')

const folders: string[] = []
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'code-scripts-'))
  folders.push(folder)
  return folder
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

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
  execFileSync('git', args, { cwd: folder, env: ENVIRONMENT, encoding: 'utf8' }).trim()

function repository(...messages: string[]): string {
  const folder = newFolder()
  git(folder, 'init', '--quiet', '--initial-branch=main')
  for (const message of messages) commit(folder, message)
  return folder
}
function commit(folder: string, message: string): void {
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', message)
}
const script = (name: string, folder: string, ...args: string[]) =>
  spawnSync(process.execPath, [TSX, join(ROOT, 'scripts', name), ...args], {
    cwd: folder,
    env: ENVIRONMENT,
    encoding: 'utf8',
  })

describe('tag-release', () => {
  it('tags the first release, then only what changed since, and nothing where nothing did', () => {
    const folder = repository('feat: start', 'docs: tell')
    expect(script('tag-release.ts', folder)).toMatchObject({ status: 0, stdout: 'v0.1.0\n' })
    expect(git(folder, 'cat-file', '-t', 'v0.1.0')).toBe('tag')
    commit(folder, 'docs: more')
    expect(script('tag-release.ts', folder)).toMatchObject({ status: 0, stdout: '' })
    commit(folder, 'fix: a race')
    git(folder, 'tag', 'v9.9.9-rc.1')
    expect(script('tag-release.ts', folder, '--dry-run').stdout).toBe('v0.1.1\n')
    expect(git(folder, 'tag', '--list', 'v0.1.1')).toBe('')
    expect(script('tag-release.ts', folder).stdout).toBe('v0.1.1\n')
    expect(git(folder, 'rev-list', '-1', 'v0.1.1')).toBe(git(folder, 'rev-parse', 'HEAD'))
  }, 60_000)

  it('refuses a tree with changes and tags nothing', () => {
    const folder = repository('feat: start')
    writeFileSync(join(folder, 'new-file'), '')
    const refused = script('tag-release.ts', folder)
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain("the tree has 1 change(s), such as '?? new-file'")
    expect(git(folder, 'tag')).toBe('')
  }, 60_000)
})

describe('push-code-bundle', () => {
  it('stores a bundle that can be cloned with all branches and tags, and a manifest over it', () => {
    const folder = repository('feat: start', 'feat: more')
    git(folder, 'tag', 'v1.0.0')
    git(folder, 'branch', 'other', 'HEAD~1')
    const copies = newFolder()
    const pushed = script('push-code-bundle.ts', folder, '--folder', copies)
    expect(pushed).toMatchObject({ status: 0, stderr: '' })
    const [manifestFile] = readdirSync(join(copies, 'manifests'))
    const manifest = JSON.parse(readFileSync(join(copies, 'manifests', manifestFile!), 'utf8'))
    expect(manifest).toMatchObject({ commit: git(folder, 'rev-parse', 'HEAD'), tags: ['v1.0.0'] })
    const clone = join(newFolder(), 'clone')
    git(folder, 'clone', '--quiet', join(copies, manifest.bundle.key), clone)
    expect(git(clone, 'rev-parse', 'HEAD', 'origin/other', 'v1.0.0')).toBe(
      git(folder, 'rev-parse', 'HEAD', 'other', 'v1.0.0'),
    )
  }, 60_000)

  it('refuses a shallow clone, whose bundle would hold no history', () => {
    const origin = repository('feat: start', 'feat: more')
    const shallow = join(newFolder(), 'shallow')
    git(origin, 'clone', '--quiet', '--depth=1', `file://${origin}`, shallow)
    const refused = script('push-code-bundle.ts', shallow, '--folder', newFolder())
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('is a shallow clone')
  }, 60_000)

  it('explains itself without a place to push to', () => {
    const refused = script('push-code-bundle.ts', repository('feat: start'))
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('usage: npm run code:push')
  }, 60_000)
})

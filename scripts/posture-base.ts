import { execFileSync } from 'node:child_process'
import { z } from 'zod'
import { parseChangeRecord } from '../cli/change-records'
import type { ChangeRecord } from '../core/posture/change-record'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The commit whose posture and records no change of this branch can rewrite: where the branch left the main one, or what
 * CI names; on the main branch itself, and without a remote, the first parent. Undefined where there is none, which fails
 * in CI: there a gate that compares with nothing would look as if it had passed.
 */
export function baseCommit(root: string, { POSTURE_BASE: named, CI }: Environment = process.env): string | undefined {
  const head = read(root, 'rev-parse', 'HEAD')
  const left = read(root, 'merge-base', 'HEAD', named ?? 'origin/main')
  if (named !== undefined && left === undefined) throw new Error(`no commit '${named}' is here; fetch it`)
  const shallow = read(root, 'rev-parse', '--is-shallow-repository') === 'true'
  // In a cut history the first parent may be one of the branch's own, though it left the main one long before.
  const parent = left === undefined && shallow ? undefined : read(root, 'rev-parse', '--verify', '--quiet', 'HEAD~1')
  const base = left === undefined || left === head ? parent : left
  if (base !== undefined || !CI) return base
  throw new Error(
    shallow
      ? 'this is a shallow clone, without the commit to compare with; fetch its whole history (fetch-depth: 0)'
      : 'neither origin/main nor a commit before this one can be read, so that there is nothing to compare with',
  )
}

/** A file as a commit has it; undefined where the commit has none. Throws where it has one that cannot be read. */
export const textAt = (root: string, commit: string, file: string): string | undefined =>
  filesAt(root, commit, file).includes(file) ? git(root, 'show', `${commit}:${file}`) : undefined

/**
 * The change records that a commit has in a folder, so that none is forgotten by deleting it. Their owners are not asked
 * for: a role may have left the policy since.
 */
export const recordsAt = (root: string, commit: string, folder: string): ChangeRecord[] =>
  filesAt(root, commit, `${folder}/`)
    .filter((file) => file.endsWith('.json'))
    .map((file) => parseChangeRecord(git(root, 'show', `${commit}:${file}`), `${commit}:${file}`))

/**
 * Environments that were deployed, by what the commits say; one that any of them names is held for good. What stands nowhere
 * yet cannot be weakened: its baseline follows what is synthesized, and no two people answer for it.
 */
export const deployedIn = (...texts: readonly (string | undefined)[]): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => (text === undefined ? [] : deployedSchema.parse(JSON.parse(text)).environments)))

const deployedSchema = z.strictObject({ environments: z.array(z.string()) })

/** With zeros between them, since git quotes unusual names otherwise. */
const filesAt = (root: string, commit: string, path: string): string[] =>
  git(root, 'ls-tree', '--name-only', '-z', commit, '--', path)
    .split('\0')
    .filter((file) => file !== '')

/** One line of git; undefined where git refuses. */
function read(root: string, ...args: readonly string[]): string | undefined {
  try {
    return git(root, ...args).trim()
  } catch {
    return undefined
  }
}

const git = (root: string, ...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 })

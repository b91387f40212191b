import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { RepositoryCopy } from '../../core/code/push'

const run = promisify(execFile)
/** Room for the longest history that is read at once. */
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024

/** A working copy of a Git repository, through the `git` command. */
export class GitRepository {
  constructor(private readonly folder: string) {}

  /** Paths that differ from the last commit, new files included. */
  async changes(): Promise<string[]> {
    return lines(await this.git('status', '--porcelain'))
  }

  async head(): Promise<string> {
    return (await this.git('rev-parse', 'HEAD')).trim()
  }

  /** Tags in the history of the last commit, in no particular order. */
  async tags(): Promise<string[]> {
    return lines(await this.git('tag', '--merged', 'HEAD'))
  }

  /** Messages of the commits after the tag, or of all where none is given; newest first. */
  async messagesSince(tag: string | undefined): Promise<string[]> {
    const log = await this.git('log', '-z', '--format=%B', tag === undefined ? 'HEAD' : `${tag}..HEAD`, '--')
    return log.split('\0').filter((message) => message.trim() !== '')
  }

  /** Makes an annotated tag on a commit. @default commit the last one */
  async tag(name: string, message: string, commit = 'HEAD'): Promise<void> {
    await this.git('tag', '--annotate', name, '--message', message, commit)
  }

  /** Commit that a tag stands on; undefined where there is no such tag, or no repository. */
  async commitOf(tag: string): Promise<string | undefined> {
    return this.resolved(`refs/tags/${tag}^{commit}`)
  }

  async holds(commit: string): Promise<boolean> {
    return (await this.resolved(`${commit}^{commit}`)) === commit
  }

  private async resolved(revision: string): Promise<string | undefined> {
    try {
      return (await this.git('rev-parse', '--verify', '--quiet', '--end-of-options', revision)).trim()
    } catch {
      return undefined
    }
  }

  /**
   * Everything the repository can reach, as one bundle that `git clone` can read. Throws for a shallow clone, whose bundle
   * would hold no history.
   */
  async copy(): Promise<RepositoryCopy> {
    if ((await this.git('rev-parse', '--is-shallow-repository')).trim() === 'true')
      throw new Error(`'${this.folder}' is a shallow clone, its bundle would hold no history; fetch with --unshallow`)
    const aside = await mkdtemp(join(tmpdir(), 'code-bundle-'))
    try {
      const file = join(aside, 'repository.bundle')
      await this.git('bundle', 'create', '--quiet', file, 'HEAD', '--branches', '--tags')
      await this.git('bundle', 'verify', '--quiet', file)
      return {
        commit: await this.head(),
        tags: lines(await this.git('tag', '--points-at', 'HEAD')),
        bundle: await readFile(file),
      }
    } finally {
      await rm(aside, { recursive: true, force: true })
    }
  }

  private async git(...args: string[]): Promise<string> {
    const { stdout } = await run('git', args, { cwd: this.folder, maxBuffer: MOST_OUTPUT_BYTES })
    return stdout
  }
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { GitRepository } from '../../adapters/local/git-repository'
import type { RepositoryCopy } from '../../core/code/push'

const run = promisify(execFile)
const AUTHOR = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@neonpro.example', '-c', 'commit.gpgsign=false']

/** A repository of one commit in an empty folder, as a bundle that `git clone` reads. */
export async function smallRepository(folder: string): Promise<RepositoryCopy> {
  const git = (...args: string[]) => run('git', [...AUTHOR, ...args], { cwd: folder })
  await git('init', '--quiet')
  await writeFile(join(folder, 'README.md'), 'The source code of the rehearsal.\n')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'the code of the rehearsal')
  return new GitRepository(folder).copy()
}

import { parseArgs } from 'node:util'
import { GitRepository } from '../adapters/local/git-repository'
import { nextVersion, tagOf, versionOf, type Version } from '../core/code/next-version'

/** What a repository without a release counts from. */
const BEFORE_THE_FIRST: Version = { major: 0, minor: 0, patch: 0 }

/**
 * Tags the last commit with the version that follows from the conventional commits since the last release, and prints the
 * tag; prints nothing where there is nothing to release. `--dry-run` only prints. Refuses a tree with changes, since the
 * tag would name something else than what was built.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } })
  const repository = new GitRepository(process.cwd())
  const changes = await repository.changes()
  if (changes.length > 0)
    throw new Error(`the tree has ${changes.length} change(s), such as '${changes[0]}'; commit or remove them first`)
  const current = newest(await repository.tags())
  const messages = await repository.messagesSince(current && tagOf(current))
  const next = nextVersion(current ?? BEFORE_THE_FIRST, messages)
  if (!next) return
  const tag = tagOf(next)
  if (!values['dry-run']) await repository.tag(tag, `Release ${tag}`)
  process.stdout.write(`${tag}\n`)
}

/** The highest release among tags; undefined where none is a release. */
function newest(tags: readonly string[]): Version | undefined {
  const releases = tags.map(versionOf).filter((version) => version !== undefined)
  return releases.toSorted((a, b) => a.major - b.major || a.minor - b.minor || a.patch - b.patch).at(-1)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})

/** A release, as its tag without the `v`. */
export interface Version {
  readonly major: number
  readonly minor: number
  readonly patch: number
}

const TAG = /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/

/** Undefined where the tag is of no release of ours. */
export function versionOf(tag: string): Version | undefined {
  const [, major, minor, patch] = TAG.exec(tag) ?? []
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor), patch: Number(patch) }
}

export const tagOf = ({ major, minor, patch }: Version): string => `v${major}.${minor}.${patch}`

type Step = 'major' | 'minor' | 'patch'

const HEADER = /^(?<type>[a-z]+)(?:\([^)]*\))?(?<breaking>!)?: /
const BREAKING_FOOTER = /^BREAKING[ -]CHANGE: /m
const STEP_OF_TYPE: Readonly<Record<string, Step>> = { feat: 'minor', fix: 'patch', perf: 'patch', revert: 'patch' }

/**
 * The version that follows from conventional commit messages (conventionalcommits.org 1.0.0); undefined where none of
 * them changes what is released. Before 1.0.0 a breaking change counts as a minor step (semver.org, item 4).
 */
export function nextVersion(current: Version, messages: readonly string[]): Version | undefined {
  const steps = new Set(messages.map(stepOf))
  if (steps.has('major'))
    return current.major === 0
      ? { major: 0, minor: current.minor + 1, patch: 0 }
      : { major: current.major + 1, minor: 0, patch: 0 }
  if (steps.has('minor')) return { ...current, minor: current.minor + 1, patch: 0 }
  return steps.has('patch') ? { ...current, patch: current.patch + 1 } : undefined
}

function stepOf(message: string): Step | undefined {
  const header = HEADER.exec(message)
  if (!header) return undefined
  if (header.groups?.['breaking'] || BREAKING_FOOTER.test(message)) return 'major'
  return STEP_OF_TYPE[header.groups?.['type'] ?? '']
}

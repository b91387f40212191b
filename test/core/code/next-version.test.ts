import { nextVersion, tagOf, versionOf } from '../../../core/code/next-version'

const after = (tag: string, ...messages: string[]) => {
  const next = nextVersion(versionOf(tag)!, messages)
  return next && tagOf(next)
}

it.each([
  ['a fix', 'v1.2.3', ['fix: a race'], 'v1.2.4'],
  ['a faster path', 'v1.2.3', ['perf(synth): bundle once'], 'v1.2.4'],
  ['a feature among fixes', 'v1.2.3', ['fix: a', 'feat(dns): b', 'fix: c'], 'v1.3.0'],
  ['a breaking mark', 'v1.2.3', ['feat!: other policy'], 'v2.0.0'],
  ['a breaking mark on a scope', 'v1.2.3', ['refactor(policy)!: renamed'], 'v2.0.0'],
  ['a breaking footer', 'v1.2.3', ['fix: a\n\nbody\n\nBREAKING CHANGE: policy v2'], 'v2.0.0'],
  ['a breaking footer with a dash', 'v1.2.3', ['chore: a\n\nBREAKING-CHANGE: policy v2'], 'v2.0.0'],
  ['a breaking change before the first release', 'v0.4.2', ['feat!: other'], 'v0.5.0'],
  ['the very first feature', 'v0.0.0', ['feat: start'], 'v0.1.0'],
])('%s', (_what, from, messages, to) => {
  expect(after(from, ...messages)).toBe(to)
})

it.each([
  ['documents and tests alone', ['docs: a', 'test(x): b', 'chore: c']],
  ['messages that follow no convention', ['Merge branch main', 'features: a', 'fix a thing']],
  ['a breaking word in the middle of a line', ['docs: say BREAKING CHANGE: here']],
  ['nothing', []],
])('%s release nothing', (_what, messages) => {
  expect(after('v1.2.3', ...messages)).toBeUndefined()
})

it.each(['1.2.3', 'v1.2', 'v1.2.3-rc.1', 'v01.2.3', 'release'])("'%s' is no release", (tag) => {
  expect(versionOf(tag)).toBeUndefined()
})

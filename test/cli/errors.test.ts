import { recovery } from './recovery'

describe('an error with --json', () => {
  it.each([
    ['an unknown command', ['frobnicate', '--json'], 'INPUT_REFUSED', 'frobnicate'],
    ['an unknown command of a command', ['drill', 'frobnicate', '--json'], 'INPUT_REFUSED', 'frobnicate'],
    ['an unknown option', ['drill', 'regional-outage', '--json', '--bogus'], 'INPUT_REFUSED', '--bogus'],
    ['a value out of range', ['drill', 'regional-outage', '--rows', '0', '--json'], 'INPUT_REFUSED', "got '0'"],
    ['a choice that is none', ['drill', 'regional-outage', '--fault', 'fire', '--json'], 'INPUT_REFUSED', 'fire'],
    ['a missing argument', ['runbook', 'show', '--json'], 'INPUT_REFUSED', 'name'],
    ['an option its command lacks', ['runbook', 'list', '--json'], 'INPUT_REFUSED', '--json'],
    ['a value the command itself refuses', ['runbook', 'show', 'none', '--json'], 'RUNBOOK_UNKNOWN', 'none'],
  ])('is one document for %s', async (_what, args, code, value) => {
    const ended = await recovery(...args)
    const { error } = JSON.parse(ended.out) as { error: Record<string, string> }
    expect(error).toMatchObject({ kind: 'user', code, message: expect.stringContaining(value) })
    expect(error['resolution']).not.toBe('')
    expect(ended.code).not.toBe(0)
    expect(ended.err.split(error['message']!)).toHaveLength(2)
  })

  it('is nothing of the kind when help or the version was asked for', async () => {
    for (const asked of ['--help', '--version']) expect(await recovery(asked)).toMatchObject({ code: 0, err: '' })
  })
})

describe('an error without --json', () => {
  it('leaves standard output alone and says what to do', async () => {
    const ended = await recovery('drill', 'regional-outage', '--clients', 'many')
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toContain("got 'many'")
    expect(ended.err).toContain("run 'recovery drill regional-outage --help'")
  })

  it('names the command that is missing', async () => {
    expect((await recovery('drill')).err).toContain("'recovery drill' needs a command")
  })
})

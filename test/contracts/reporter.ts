import type { Reporter } from '../../core/ports/reporter'

/** A reporter and what became visible of what it was told, a string per message. */
export interface ReporterStage {
  readonly reporter: Reporter
  seen(): readonly string[]
}

/** What every reporter must do: progress is shown at once and in order, and never gets in the way of the work. */
export function describeReporter(
  name: string,
  show: (work: (stage: ReporterStage) => Promise<void>) => Promise<void>,
): void {
  describe(`reporter: ${name}`, () => {
    it('shows each message at once, in order', () =>
      show(async ({ reporter, seen }) => {
        const codes = ['STEP_STARTED', 'STEP_WAITING', 'STEP_DONE']
        for (const [at, code] of codes.entries()) {
          reporter.emit({ code, text: code, data: { step: 'fence', status: 'running' } })
          expect(seen()).toHaveLength(at + 1)
        }
        for (const [at, code] of codes.entries()) expect(seen()[at]).toContain(code)
      }))

    it.each([
      ['no data', undefined],
      ['null', null],
      ['a list', [1, 'two']],
      ['a number', 7],
      ['deep data', { step: { nested: [{}] } }],
    ])('takes a message with %s', (_what, data) =>
      show(async ({ reporter, seen }) => {
        expect(reporter.emit({ code: 'STEP_DONE', text: 'STEP_DONE', data })).toBeUndefined()
        expect(seen()).toHaveLength(1)
      }),
    )
  })
}

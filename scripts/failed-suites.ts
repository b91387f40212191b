import { z } from 'zod'

/** How many suites may be run again, of some 350: more of them at once are no chance. */
export const RERUN_AT_MOST = 4

/** What jest writes with `--json`, as far as it is read here. */
const RESULTS = z.object({
  wasInterrupted: z.boolean(),
  numTotalTests: z.number().int().positive(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})

export interface FailedSuite {
  /** Absolute path of the file. */
  readonly path: string
  /** Full names of the tests that failed; a suite that could not be loaded has one line of its message instead. */
  readonly tests: readonly string[]
}

/**
 * The suites of a run that failed.
 *
 * @throws if the run did not come to its end, or nothing failed in it: what went wrong then is not in any suite, and to run none
 * again would pass for a success.
 */
export function failedSuites(json: unknown): readonly FailedSuite[] {
  const results = RESULTS.parse(json)
  if (results.wasInterrupted) throw new Error('the tests were interrupted: run them again as a whole')
  const failed = results.testResults
    .filter(({ status }) => status === 'failed')
    .map(({ name, message, assertionResults }) => {
      const tests = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName)
      return { path: name, tests: tests.length > 0 ? tests : [message.trim().split('\n', 1)[0] ?? ''] }
    })
  if (failed.length === 0) throw new Error('no suite failed, and yet the tests did: look at what they printed')
  return failed
}

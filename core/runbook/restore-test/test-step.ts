import type { RestoreTestInput } from './input'

/** How a step of the test is driven where nothing about it is special. */
export const testStep = {
  timeoutSeconds: () => 60,
  pollEverySeconds: (input: RestoreTestInput) => input.restore.pollEverySeconds,
  attempts: 3,
  retryAfterSeconds: 1,
  onFailure: 'stop-safely',
} as const

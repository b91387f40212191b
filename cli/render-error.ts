import pc from 'picocolors'
import { isUserError } from '../core/user-error'

/** The error as one JSON document, for `--json` callers. */
export const errorDocument = (error: unknown) => ({
  error: isUserError(error)
    ? { kind: 'user', code: error.code, message: error.message, resolution: error.resolution }
    : {
        kind: 'fault',
        code: 'UNEXPECTED',
        message: messageOf(error),
        resolution: 'report this as a fault of the program',
      },
})

/** The end by a signal as one JSON document; shells know the signal by the exit code less 128. */
export const interruption = (exitCode: number) => ({
  error: {
    kind: 'aborted',
    code: 'INTERRUPTED',
    message: `ended by signal ${exitCode - 128}, everything it had started is removed`,
    resolution: 'run the command again',
  },
})

/** The error for a person: a calm line and a way out where it is theirs, the full trace where it is ours. */
export function renderError(error: unknown): string {
  if (isUserError(error)) {
    return `${pc.red('error')} ${error.message}\n${pc.dim('what to do:')} ${error.resolution}\n`
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `${pc.red('fault')} this is an error of the program, not of yours\n${trace}\n`
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

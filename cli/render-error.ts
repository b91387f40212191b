import pc from 'picocolors'
import { isUserError } from './errors'

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

/** The error for a person: a calm line and a way out where it is theirs, the full trace where it is ours. */
export function renderError(error: unknown): string {
  if (isUserError(error)) {
    return `${pc.red('error')} ${error.message}\n${pc.dim('what to do:')} ${error.resolution}\n`
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `${pc.red('fault')} this is an error of the program, not of yours\n${trace}\n`
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

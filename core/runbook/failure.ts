import { isPortError } from '../ports/errors'

/** Whether trying the same call again may succeed. The one place that decides. */
export interface Failure {
  readonly retryable: boolean
  readonly code: string
}

export function classify(error: unknown): Failure {
  if (!isPortError(error)) return { retryable: false, code: 'UNEXPECTED' }
  switch (error.failure) {
    case 'unreachable':
    case 'throttled':
      return { retryable: true, code: error.code }
    case 'conflict':
    case 'denied':
    case 'invalid':
      return { retryable: false, code: error.code }
  }
}

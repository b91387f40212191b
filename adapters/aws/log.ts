import type { Reporter } from '../../core/ports/reporter'

/** Everything a log line may say. Values that do not look like an id, a code or a number are withheld. */
export interface LogFields {
  readonly run?: string
  readonly step?: string
  readonly status?: string
  readonly outcome?: string
  readonly failure?: string
  readonly milliseconds?: number
  readonly count?: number
}

const FIELDS = ['run', 'step', 'status', 'outcome', 'failure', 'milliseconds', 'count'] as const
const PLAIN = /^[\w.:/-]{1,120}$/

/** Writes one line of JSON: a code and ids, counts, codes, durations. Never an event, a row, a name or free text. */
export function log(code: string, fields: LogFields = {}): void {
  const line: Record<string, string | number> = { at: new Date().toISOString(), code: plain(code) }
  for (const field of FIELDS) {
    const value = fields[field]
    if (value !== undefined) line[field] = plain(value)
  }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

function plain<T extends string | number>(value: T): T | string {
  return typeof value === 'number' || (typeof value === 'string' && PLAIN.test(value)) ? value : 'withheld'
}

/** Progress as log lines: the code and the step; the text is for people and stays out of logs. */
export const logReporter: Reporter = {
  emit: ({ code, data }) => {
    const { step, status } = (data ?? {}) as { step?: string; status?: string }
    log(code, { step, status })
  },
}

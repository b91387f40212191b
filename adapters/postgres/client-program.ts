import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'
import { PortError } from '../../core/ports/errors'

/** One of PostgreSQL's own programs, which writes to standard output. */
export interface ClientProgram {
  readonly program: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

/**
 * What `pg_dump` writes. Ends with PortError('conflict', 'DUMP_FAILED') where it did not end well: what came before is then no
 * dump. Who stops reading stops the program.
 */
export async function* dumpedBy({ program, args, env }: ClientProgram): AsyncIterable<Uint8Array> {
  const dumping = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
  const ended = endOf(dumping)
  const complaint = firstComplaint(dumping.stderr)
  try {
    yield* dumping.stdout
    const how = await ended
    if (how !== 0)
      throw new PortError('conflict', 'DUMP_FAILED', `pg_dump ended with ${how}: ${(await complaint) ?? 'no message'}`)
  } finally {
    dumping.kill('SIGTERM')
  }
}

/**
 * Gives a program the whole stream, to its end also where the program has seen enough and is content: whether the rest is right
 * is asked too. Nothing more is read once it ended badly; how it ended says so.
 * Throws what the stream throws, and leaves the input of the program open then.
 */
export async function feed(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  input: Writable,
  ended: Promise<number | string>,
): Promise<void> {
  let open = true
  let failed = false
  const close = () => (open = false)
  input.on('error', close)
  void ended.then((how) => {
    close()
    failed = how !== 0
  })
  for await (const chunk of bytes) {
    if (failed) return
    if (open && !input.write(chunk)) await Promise.race([once(input, 'drain').catch(() => undefined), ended])
  }
  input.end()
}

/** Exit code, or what ended it instead. */
export const endOf = (program: ChildProcess): Promise<number | string> =>
  new Promise((resolve) => {
    program.once('error', (error) => resolve(error.message))
    program.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'))
  })

/**
 * What the program says went wrong. Its first line names a table or a host; the details after it can quote statements and
 * rows, and so never leave this function.
 */
async function firstComplaint(stderr: NodeJS.ReadableStream): Promise<string | undefined> {
  let first: string | undefined
  for await (const line of createInterface({ input: stderr }))
    if (first === undefined && line.startsWith('pg_dump: error: ')) first = line.slice('pg_dump: error: '.length)
  return first
}

import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { run } from '../../cli/program'

/** What the CLI wrote, and how it ended. */
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs the CLI in this process. */
export async function recovery(...args: string[]): Promise<Ended> {
  const written = { out: '', err: '' }
  const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((written.out += String(text))))
  const err = jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((written.err += String(text))))
  try {
    return { code: await run(args), ...written }
  } finally {
    out.mockRestore()
    err.mockRestore()
    process.exitCode = 0
  }
}

/** The CLI as a person starts it, in `folder`; `wrapper` is a program that starts it in turn. */
export function startRecovery(
  folder: string,
  args: readonly string[],
  { wrapper = [], environment = {} }: { wrapper?: readonly string[]; environment?: NodeJS.ProcessEnv } = {},
): { readonly child: ChildProcess; said(text: string): Promise<void>; readonly ended: Promise<Ended> } {
  const [program, ...rest] = [...wrapper, process.execPath, join(__dirname, '../../bin/recovery.cjs'), ...args]
  const child = spawn(program!, rest, { cwd: folder, env: { ...process.env, ...environment } })
  const written = { out: '', err: '' }
  const listeners = new Set<() => void>()
  child.stdout.on('data', (chunk: Buffer) => (written.out += String(chunk)))
  child.stderr.on('data', (chunk: Buffer) => {
    written.err += String(chunk)
    for (const listener of listeners) listener()
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, ...written }))
  })
  /** Resolves once the text was said on standard error; rejects when the program ends without. */
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => written.err.includes(text) && resolve()
      listeners.add(look)
      look()
      void ended.then(({ err }) => reject(new Error(`'${text}' was never said; it said: ${err}`)))
    })
  return { child, said, ended }
}

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, rmSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ProgramOptions {
  readonly command: string
  readonly args?: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** File that receives all its output. */
  readonly log: string
  readonly folder?: string
}

/** Time a group has to end by itself before it is killed. */
const GRACE_MS = 2000
/** Longest an emulator may take to answer; both need about two seconds on an idle machine. */
const READY_MS = 60_000

const running = new Set<ProgramGroup>()

/**
 * Runs the program, and ends its whole group once the other end of the pipe is closed: that happens however this process
 * ends, also where it is killed and can clean up nothing.
 */
const UNTIL_PARENT_ENDS = '(read -r nothing <&3; kill -KILL 0) & exec 3<&-; exec "$@"'

/** A program with everything it starts: one process group, which ends as one, at the latest with this process. */
export class ProgramGroup {
  private readonly child: ChildProcess
  private readonly ended: Promise<unknown>

  constructor(private readonly options: ProgramOptions) {
    const log = openSync(options.log, 'a')
    this.child = spawn('sh', ['-c', UNTIL_PARENT_ENDS, 'sh', options.command, ...(options.args ?? [])], {
      detached: true,
      stdio: ['ignore', log, log, 'pipe'],
      env: { ...options.environment },
      ...(options.folder ? { cwd: options.folder } : {}),
    })
    closeSync(log)
    // The pipe says that this process lives; it must not keep it alive.
    ;(this.child.stdio[3] as Socket).unref()
    this.ended = Promise.race([once(this.child, 'exit'), once(this.child, 'error')]).catch(() => undefined)
    running.add(this)
  }

  /** Waits until `url` answers. Throws with the end of the program's log where it never does. */
  async answering(url: string): Promise<this> {
    for (const endsAt = Date.now() + READY_MS; Date.now() < endsAt; await sleep(100)) {
      if (this.child.exitCode !== null) break
      const answer = await fetch(url).catch(() => undefined)
      if (answer?.ok) return this
    }
    throw new Error(`'${this.options.command}' does not answer at ${url}:\n${await this.lastLines()}`)
  }

  /** Waits for its end, at most the given time. Throws with the end of its log unless the program succeeded. */
  async succeeded(withinMs: number): Promise<void> {
    const exitCode = await this.exitCode(withinMs)
    if (exitCode !== 0) throw await this.failure(`ended with ${exitCode}`)
  }

  /** Waits for its end, and says how it ended. Throws with the end of its log where it takes too long, or was killed. */
  async exitCode(withinMs: number): Promise<number> {
    await Promise.race([this.ended, sleep(withinMs, undefined, { ref: false })])
    const { exitCode, signalCode } = this.child
    await this.stop()
    if (exitCode !== null) return exitCode
    throw await this.failure(signalCode ? `was ended by ${signalCode}` : `took longer than ${withinMs / 1000} s`)
  }

  async stop(): Promise<void> {
    this.signal('SIGTERM')
    await Promise.race([this.ended, sleep(GRACE_MS, undefined, { ref: false })])
    // A worker may outlive the program that started it.
    this.signal('SIGKILL')
    running.delete(this)
  }

  signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return
    try {
      process.kill(-this.child.pid, signal)
    } catch {
      // Nobody of the group is left.
    }
  }

  private async failure(what: string): Promise<Error> {
    const command = [this.options.command, ...(this.options.args ?? [])].join(' ')
    return new Error(`'${command}' ${what}:\n${await this.lastLines()}`)
  }

  private async lastLines(): Promise<string> {
    return (await readFile(this.options.log, 'utf8')).trimEnd().split('\n').slice(-30).join('\n')
  }
}

const leftovers = new Set<string>()

/** A new folder for the logs and files of a run. An interrupted run leaves none; a failed one may keep it. */
export async function runFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'emulator-'))
  leftovers.add(folder)
  return folder
}

/**
 * Ends every group that still runs when this process ends, and removes what an interrupted run would leave. Whoever else
 * listens to a signal, such as a local world that has to be removed, ends the process after its own work.
 */
export function endGroupsWithThisProcess(): void {
  let interrupted = false
  process.once('exit', () => {
    running.forEach((group) => group.signal('SIGKILL'))
    if (interrupted) for (const folder of leftovers) rmSync(folder, { recursive: true, force: true })
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      interrupted = true
      if (process.listenerCount(signal) === 0) process.exit(128 + constants.signals[signal])
    })
}

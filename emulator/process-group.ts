import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { constants } from 'node:os'
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

/** A program with everything it starts: one process group, which ends as one. */
export class ProgramGroup {
  private readonly child: ChildProcess
  private readonly ended: Promise<unknown>

  constructor(private readonly options: ProgramOptions) {
    const log = openSync(options.log, 'a')
    this.child = spawn(options.command, [...(options.args ?? [])], {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...options.environment },
      ...(options.folder ? { cwd: options.folder } : {}),
    })
    closeSync(log)
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
    await Promise.race([this.ended, sleep(withinMs, undefined, { ref: false })])
    const { exitCode } = this.child
    await this.stop()
    if (exitCode === 0) return
    const what = exitCode === null ? `took longer than ${withinMs / 1000} s` : `ended with ${exitCode}`
    throw new Error(
      `'${[this.options.command, ...(this.options.args ?? [])].join(' ')}' ${what}:\n${await this.lastLines()}`,
    )
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

  private async lastLines(): Promise<string> {
    return (await readFile(this.options.log, 'utf8')).trimEnd().split('\n').slice(-30).join('\n')
  }
}

/**
 * Ends every group that still runs when this process ends, however it ends short of being killed itself. Whoever else
 * listens to a signal, such as a local world that has to be removed, ends the process after its own work.
 */
export function endGroupsWithThisProcess(): void {
  process.once('exit', () => running.forEach((group) => group.signal('SIGKILL')))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      if (process.listenerCount(signal) === 0) process.exit(128 + constants.signals[signal])
    })
}

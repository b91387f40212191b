import type { ChildProcess } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from './loopback'
import type { WorkloadSettings } from './processes/settings'
import { startProcess } from './processes/start'

/** Clients at work, and the two logs they leave. */
export interface Workload {
  /** File of `WorkloadEvent` lines: what the clients themselves knew of each attempt. */
  readonly logPath: string
  /** File of `AttemptId` lines: what the clients told an observer is safe. Another process wrote it, over another path. */
  readonly observedPath: string
  /** Lets every client finish its record, and resolves when both logs are complete. */
  stop(): Promise<void>
}

/** Starts the observer and then the clients, each as a process that works inside `folder`. */
export async function startWorkload(
  folder: string,
  settings: Omit<WorkloadSettings, 'log' | 'observerPort'>,
): Promise<Workload> {
  await mkdir(folder, { recursive: true })
  const logPath = join(folder, 'attempts.jsonl')
  const observedPath = join(folder, 'observed.jsonl')
  const observerPort = await freePort()
  const observer = await startProcess('observer', folder, { port: observerPort, log: observedPath })
  const clients = await startProcess('workload', folder, { ...settings, log: logPath, observerPort })
  return {
    logPath,
    observedPath,
    // The clients first: the observer ends once they have hung up.
    stop: async () => {
      for (const child of [clients, observer]) await ended(child)
    },
  }
}

/** Asks a process to end and waits for it. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  await exit
}

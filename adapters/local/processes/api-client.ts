import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkloadEvent } from '../../../core/measurement/workload-event'
import { VERSION_HEADER } from '../deployments/program'
import { readSettings, type ApiClientSettings } from './settings'

const PAUSE_MS = 40

/**
 * Somebody who uses the clinic over HTTP: writes one invoice after the other, to the application that answered last and else
 * to the other one, and logs what they know of each. Ends on SIGTERM.
 */
async function main(): Promise<void> {
  const { ports, deadlineMs, log } = readSettings() as ApiClientSettings
  const asked = new AbortController()
  process.once('SIGTERM', () => asked.abort())
  const write = (event: Pick<WorkloadEvent, 'kind' | 'sequence' | 'endpoint' | 'release'>) =>
    appendFileSync(
      log,
      `${JSON.stringify({ ...event, client: 0, atNs: String(process.hrtime.bigint()), wallMs: Date.now() } satisfies WorkloadEvent)}\n`,
    )
  let at = 0
  for (let sequence = 1; !asked.signal.aborted; sequence++) {
    write({ kind: 'intent', sequence })
    const outcome = await post(ports[at % ports.length]!, sequence, deadlineMs)
    write({ ...outcome, sequence })
    if (outcome.kind !== 'acknowledged') at += 1
    await sleep(PAUSE_MS)
  }
}

async function post(
  port: number,
  number: number,
  deadlineMs: number,
): Promise<Pick<WorkloadEvent, 'kind' | 'endpoint' | 'release'>> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/invoices`, {
      method: 'POST',
      body: JSON.stringify({ number }),
      signal: AbortSignal.timeout(deadlineMs),
    })
    const text = await response.text()
    const version = response.headers.get(VERSION_HEADER)
    const release = version === null ? {} : { release: version }
    if (response.status === 201)
      return { kind: 'acknowledged', endpoint: (JSON.parse(text) as { writer: string }).writer, ...release }
    return { kind: response.status === 503 ? 'refused' : 'unknown', ...release }
  } catch {
    // Sent and not answered, or never sent: from here nobody can tell.
    return { kind: 'unknown' }
  }
}

void main()

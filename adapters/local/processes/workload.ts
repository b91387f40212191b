import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { connect as connectTo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { WorkloadEvent } from '../../../core/measurement/workload-event'
import { destroy } from '../../postgres/connect'
import { addressBook } from '../client-recipe'
import { answerOf, open, type Answer, type Session } from './database-client'
import { readSettings, type WorkloadSettings } from './settings'

const RETRY_AFTER_MS = 40

/**
 * Clients of the clinic that write one record per transaction and log what they know of it: an intent before, and
 * after it `acknowledged`, `refused` (the database said no, or was never reached) or `unknown` (no answer in time).
 * Each acknowledgement is told to the observer as well. Knows nothing of the runbook. Ends on SIGTERM after the log is written.
 */
async function main(): Promise<void> {
  const settings = readSettings() as WorkloadSettings
  const log = createWriteStream(settings.log, { flags: 'a', highWaterMark: 1 << 20 })
  let running = true
  process.once('SIGTERM', () => (running = false))
  const observer = await reach(settings.observerPort)
  const clients = Array.from({ length: settings.clients }, (_, id) =>
    runClient(settings.firstClient + id, settings, () => running, write, tell),
  )
  await Promise.all(clients)
  await new Promise((resolve) => log.end(resolve))
  const closed = once(observer.resume(), 'close')
  observer.end()
  await closed
  process.exit(0)

  /** Returns once little enough is buffered: a slow disk slows the clients instead of filling the memory. */
  async function write(event: Attempted): Promise<void> {
    const line: WorkloadEvent = { ...event, atNs: String(process.hrtime.bigint()), wallMs: Date.now() }
    if (!log.write(`${JSON.stringify(line)}\n`)) await once(log, 'drain')
  }

  async function tell(client: number, sequence: number): Promise<void> {
    if (!observer.write(`${JSON.stringify({ client, sequence })}\n`)) await once(observer, 'drain')
  }
}

/** The observer was started just before, and may not listen yet. */
async function reach(port: number): Promise<Socket> {
  for (;;) {
    const socket = connectTo(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      return socket
    } catch {
      await sleep(RETRY_AFTER_MS)
    }
  }
}

type Attempted = Omit<WorkloadEvent, 'atNs' | 'wallMs'>
type Write = (event: Attempted) => Promise<void>
type Tell = (client: number, sequence: number) => Promise<void>

async function runClient(
  id: number,
  settings: WorkloadSettings,
  running: () => boolean,
  log: Write,
  tell: Tell,
): Promise<void> {
  const resolver = { port: settings.dnsPort, servedName: settings.servedName, deadlineMs: settings.connectDeadlineMs }
  const address = addressBook(resolver, settings.allowed, () => performance.now())
  let session: Session | undefined
  for (let sequence = 1; running(); sequence++) {
    const attempt = { client: id, sequence }
    await log({ kind: 'intent', ...attempt, ...(session && { endpoint: session.endpoint }) })
    try {
      session ??= await open(await address(), settings)
    } catch {
      await log({ kind: 'refused', ...attempt })
      await sleep(RETRY_AFTER_MS)
      continue
    }
    const kind = await writeRecord(session.client, id, sequence, settings)
    if (kind === 'acknowledged') await tell(id, sequence)
    await log({ kind, ...attempt, endpoint: session.endpoint })
    if (kind === 'acknowledged') continue
    destroy(session.client)
    session = undefined
    await sleep(RETRY_AFTER_MS)
  }
  destroy(session?.client)
}

function writeRecord(session: Client, id: number, seq: number, settings: WorkloadSettings): Promise<Answer> {
  const body = `note of client ${id}, number ${seq}`
  return answerOf(
    session.query({
      name: 'record',
      text: `insert into clinic.records (patient_id, body, body_md5, client_id, client_sequence) values ($1, $2, $3, $4, $5)`,
      values: [
        1 + ((id * 7919 + seq) % settings.patients),
        body,
        createHash('md5').update(body).digest('hex'),
        id,
        seq,
      ],
    }),
    settings.writeDeadlineMs,
  )
}

void main()

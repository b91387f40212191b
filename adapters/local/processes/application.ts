import { createServer, type IncomingMessage } from 'node:http'
import { z } from 'zod'
import { readSealed, versionsOf, type ConfigurationCopy } from '../../../core/configuration/copies'
import { settingSchema } from '../../../core/configuration/environment'
import { destroy } from '../../postgres/connect'
import { addressBook } from '../client-recipe'
import { ASSET, assetsOf, openContent, SETTING } from '../region-content'
import { INVOICE_BASE } from '../invoice-numbers'
import { answerOf, open, type Session } from './database-client'
import { readSettings, type ApplicationSettings } from './settings'

const invoice = z.strictObject({ number: z.int().positive() })

/**
 * The clinic's application in one region: writes invoices through the served name with the client's recipe, and tells the
 * newest setting and asset that its own region holds. Answers GET /health, POST /invoices, GET /settings and GET /assets.
 */
async function main(): Promise<void> {
  const settings = readSettings() as ApplicationSettings
  const resolver = { port: settings.dnsPort, servedName: settings.servedName, deadlineMs: settings.connectDeadlineMs }
  const address = addressBook(resolver, settings.allowed, () => performance.now())
  const copy = await openContent('here', settings.content)
  let session: Session | undefined
  /** Undefined where the database answers nobody; a session that failed once is not used again. */
  const use = async (text: string, values: readonly unknown[]) => {
    let used: Session
    try {
      used = session ??= await open(await address(), settings)
    } catch {
      return undefined
    }
    const answer = await answerOf(used.client.query(text, [...values]), settings.writeDeadlineMs)
    if (answer !== 'acknowledged') {
      destroy(used.client)
      if (session === used) session = undefined
    }
    return { answer, writer: used.endpoint }
  }

  const routes: Record<string, (request: IncomingMessage) => Promise<[status: number, body?: object]>> = {
    'GET /health': async () => ((await use('select', []))?.answer === 'acknowledged' ? [200] : [503]),
    'POST /invoices': async (request) => {
      const asked = invoice.safeParse(await bodyOf(request))
      if (!asked.success) return [400]
      const { number } = asked.data
      const written = await use(
        'insert into clinic.invoices (patient_id, amount_cents, issued_on) values ($1, $2, current_date)',
        [1 + (number % settings.patients), INVOICE_BASE + number],
      )
      if (written?.answer === 'acknowledged') return [201, { writer: written.writer }]
      return written?.answer === 'unknown' ? [504] : [503]
    },
    'GET /settings': async () => found(await newestSetting(copy, settings.source)),
    'GET /assets': async () => found(await newestAsset(copy)),
  }
  createServer((request, response) => {
    const send = (status: number, body?: object) =>
      // One request per connection: a connection kept alive would outlive a cut of its path and fail the next request.
      response.writeHead(status, { connection: 'close' }).end(body && JSON.stringify(body))
    const route = routes[`${request.method} ${request.url}`]
    if (!route) return void send(404)
    route(request).then(
      ([status, body]) => send(status, body),
      () => send(500),
    )
  }).listen(settings.port, '127.0.0.1')
}

const found = (number: number | undefined): [number, object?] => (number === undefined ? [404] : [200, { number }])

async function newestSetting(copy: ConfigurationCopy, source: string): Promise<number | undefined> {
  const key = await lastOf(copy.store.keys(versionsOf(source, SETTING)))
  return key === undefined ? undefined : Number(settingSchema.parse(await readSealed(copy, key)).value)
}

async function newestAsset({ store }: ConfigurationCopy): Promise<number | undefined> {
  const key = await lastOf(store.keys(assetsOf(ASSET)))
  const text = key === undefined ? undefined : await store.get(key)
  return text === undefined ? undefined : (JSON.parse(text) as { number: number }).number
}

async function lastOf(keys: AsyncIterable<string>): Promise<string | undefined> {
  let last: string | undefined
  for await (const key of keys) last = key
  return last
}

async function bodyOf(request: AsyncIterable<Buffer>): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    return undefined
  }
}

void main()

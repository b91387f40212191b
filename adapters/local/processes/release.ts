import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { systemClock } from '../clock'
import { Pointer } from '../deployments/pointer'
import { VERSION_HEADER } from '../deployments/program'
import { FolderConfiguration } from '../folder-configuration'
import { INVOICE_BASE } from '../invoice-numbers'
import { databaseUse } from './database-use'
import { bodyOf } from './request-body'
import { serveRoutes, type Routes } from './serve-routes'
import { readSettings, type ReleaseSettings } from './settings'

type Reply = readonly [status: number, body?: object]

/** What the code of a version is given. */
interface Given {
  /** One statement over the served name: 201 once it is acknowledged, 503 where it was refused, 504 where nobody can say. */
  write(text: string, values: readonly unknown[]): Promise<Reply>
  /** Whether the database takes a statement; it is not executed. */
  takes(text: string, values: readonly unknown[]): Promise<boolean>
  setting(name: string): Promise<string | undefined>
  /** Version of the assets that are served. */
  assets(): Promise<string | undefined>
  /** Whether the program that this one calls is well. */
  calls(): Promise<boolean>
}

/** The code of a version: what it answers, each route with its number of an invoice, patient and amount. */
type Code = (given: Given) => Readonly<Record<string, (asked: Asked) => Promise<Reply>>>

interface Asked {
  readonly number: number
  readonly patient: number
  readonly amount: number
}

const invoice = z.strictObject({ number: z.int().positive() })
const CALL_MS = 2_000

/** One version of a program of the clinic. Its code is a module in its own folder; GET /version says which it is. */
async function main(): Promise<void> {
  const settings = readSettings() as ReleaseSettings
  const { version, database, calls } = settings
  const { default: code } = (await import(pathToFileURL(settings.module).href)) as { default: Code }
  const use = databaseUse(database)
  const configuration = new FolderConfiguration(settings.settings, systemClock)
  const assets = new Pointer(settings.assets.current)
  const handlers = code({
    write: async (text, values) => {
      const written = await use(text, values)
      if (written?.answer === 'acknowledged') return [201, { writer: written.writer }]
      return written?.answer === 'unknown' ? [504] : [503]
    },
    takes: async (text, values) => (await use(`explain ${text}`, values))?.answer === 'acknowledged',
    setting: async (name) => {
      let newest: string | undefined
      for await (const { value } of configuration.history(name)) newest = value
      return newest
    },
    assets: () => assets.version(),
    calls: async () =>
      calls !== undefined &&
      (await fetch(`http://127.0.0.1:${calls}/health`, { signal: AbortSignal.timeout(CALL_MS) })).ok,
  })
  const routes: Record<string, Routes[string]> = { 'GET /version': async () => [200, { version }] }
  for (const [route, handle] of Object.entries(handlers))
    routes[route] = async (request) => {
      const body = request.method === 'POST' ? invoice.safeParse(await bodyOf(request)) : undefined
      if (body && !body.success) return [400]
      const number = body?.data.number ?? 1
      return handle({ number, patient: 1 + (number % database.patients), amount: INVOICE_BASE + number })
    }
  serveRoutes(settings.port, routes, { [VERSION_HEADER]: version })
}

void main()

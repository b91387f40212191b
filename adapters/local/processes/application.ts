import { z } from 'zod'
import { readSealed, versionsOf, type ConfigurationCopy } from '../../../core/configuration/copies'
import { settingSchema } from '../../../core/configuration/environment'
import { ASSET, assetsOf, openContent, SETTING } from '../region-content'
import { INVOICE_BASE } from '../invoice-numbers'
import { databaseUse } from './database-use'
import { bodyOf } from './request-body'
import { serveRoutes, type Routes } from './serve-routes'
import { readSettings, type ApplicationSettings } from './settings'

const invoice = z.strictObject({ number: z.int().positive() })

/**
 * The clinic's application in one region: writes invoices through the served name with the client's recipe, and tells the
 * newest setting and asset that its own region holds. Answers GET /health, POST /invoices, GET /settings and GET /assets.
 */
async function main(): Promise<void> {
  const settings = readSettings() as ApplicationSettings
  const copy = await openContent('here', settings.content)
  const use = databaseUse(settings)

  const routes: Routes = {
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
  serveRoutes(settings.port, routes)
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

void main()

import type { Client } from 'pg'
import { CLINIC_TABLES } from '../../../adapters/postgres/clinic-schema'
import { copyInspection, type InspectionSettings } from '../../../adapters/postgres/copy-inspection'
import { FENCE_ROLE } from '../../../adapters/postgres/guard-schema'
import type { DataValidation, InstanceRef } from '../../../core/ports/database'
import { startDatabase, type TestDatabase } from './database'

let server: TestDatabase
beforeAll(async () => {
  server = await startDatabase()
}, 60_000)
afterAll(() => server?.remove())

const SOURCE: InstanceRef = { region: 'sa-east-1', instance: 'source' }
const COPY: InstanceRef = { region: 'sa-east-1', instance: 'copy' }
let milliseconds = 0
/** A patch of a copy of 18.3, and what its validation says afterwards. */
const patchedTo = (
  to: string | undefined,
  verdict: DataValidation['verdict'] = 'pass',
): Pick<InspectionSettings, 'patch' | 'validate'> => ({
  patch: async () => (to === undefined ? undefined : { from: '18.3', to }),
  validate: async () => ({ verdict, checks: [{ name: 'structure', verdict, detail: {} }] }),
})
/** Both are one server here; a test puts something between the copy and it. */
const inspection = (
  before: (client: Client) => Promise<unknown> = async () => undefined,
  copyMs = 1,
  patching: Pick<InspectionSettings, 'patch' | 'validate'> = patchedTo('18.4'),
) =>
  copyInspection({
    ...patching,
    tables: CLINIC_TABLES,
    limits: { runs: 3, slowestRatio: 5, ignoredMilliseconds: 50 },
    known: {
      logins: ['clinic_app', 'clinic_jobs', 'clinic_reporting', 'postgres', FENCE_ROLE],
      superusers: ['postgres', FENCE_ROLE],
    },
    nowMs: () => milliseconds,
    withSession: async (ref, work) => {
      const client = await server.session(FENCE_ROLE)
      if (ref === COPY) await before(client)
      const ask = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>
      client.query = (async (...args: unknown[]) => {
        milliseconds += ref === COPY ? copyMs : 1
        return ask(...args)
      }) as Client['query']
      return work(client)
    },
  })

describe('the security of a copy', () => {
  it('fails while anybody but the fence role may log in, passes once it is closed, and fails for what nobody knows', async () => {
    expect(await inspection().security(COPY, [])).toMatchObject({
      verdict: 'fail',
      detail: { open: ['clinic_app', 'clinic_jobs', 'clinic_reporting', 'postgres'] },
    })
    const client = await server.session(FENCE_ROLE)
    await client.query('select recovery_guard.close_logins((select epoch from recovery_guard.lease))')
    expect(await inspection().security(COPY, ['clinic_reporting'])).toMatchObject({
      verdict: 'pass',
      detail: { tls: 'TLSv1.3', encrypted: true, open: [], revokedBack: [], unknown: [] },
    })
    await client.query('alter role clinic_reporting login')
    expect(await inspection().security(COPY, ['clinic_reporting'])).toMatchObject({
      verdict: 'fail',
      detail: { revokedBack: ['clinic_reporting'] },
    })
    await client.query('alter role clinic_reporting nologin')
    await client.query('create role stranger superuser')
    expect(await inspection().security(COPY, [])).toMatchObject({
      verdict: 'fail',
      detail: { unknown: [expect.stringContaining('stranger')] },
    })
    await client.query('drop role stranger')
  })
})

describe('the performance of a copy', () => {
  it('passes where it is as fast as its source, by the same indexes', async () => {
    expect(await inspection().performance(SOURCE, COPY)).toMatchObject({
      verdict: 'pass',
      detail: { otherIndexes: [] },
    })
  })

  it('fails where it takes many times as long, unless that is next to nothing', async () => {
    expect((await inspection(undefined, 20).performance(SOURCE, COPY)).verdict).toBe('fail')
    expect((await inspection(undefined, 4).performance(SOURCE, COPY)).verdict).toBe('pass')
  })

  it('fails where an index is missing that its source has', async () => {
    // For this session alone, which never commits it: an index that is not valid leads nowhere.
    const lost = (client: Client) =>
      client.query(
        `begin; update pg_index set indisvalid = false where indisprimary and indrelid::regclass::text like 'clinic.%'`,
      )
    expect(await inspection(lost).performance(SOURCE, COPY)).toMatchObject({
      verdict: 'fail',
      detail: { otherIndexes: [...CLINIC_TABLES] },
    })
  })
})

describe('the patch of a copy', () => {
  const verdictOf = async (...patching: Parameters<typeof patchedTo>) =>
    inspection(undefined, 1, patchedTo(...patching)).patch(COPY)

  it('passes where the copy is sound under a later version of the same major one', async () => {
    expect(await verdictOf('18.4')).toMatchObject({
      verdict: 'pass',
      detail: { from: '18.3', to: '18.4', wanting: [] },
    })
    expect((await verdictOf('18.10')).verdict).toBe('pass')
  })

  it('fails where the copy is damaged then, or the version is not in force', async () => {
    expect(await verdictOf('18.4', 'fail')).toMatchObject({ verdict: 'fail', detail: { wanting: ['structure'] } })
    for (const version of ['18.3', '18.2', '19.4'])
      expect(await verdictOf(version)).toMatchObject({ verdict: 'fail', detail: { code: 'VERSION_NOT_IN_FORCE' } })
  })

  it('is open, with its reason, where there is no later version', async () => {
    expect(await verdictOf(undefined)).toMatchObject({ verdict: 'inconclusive', detail: { code: 'NO_NEWER_VERSION' } })
  })
})

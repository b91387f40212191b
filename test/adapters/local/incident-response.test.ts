import { appendFile, chmod, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { closedToAllBut, OPEN_TO_ALL } from '../../../adapters/local/host-access'
import { connect, destroy, type Login } from '../../../adapters/postgres/connect'
import { FENCE_ROLE } from '../../../adapters/postgres/guard-schema'
import { describeContainment } from '../../contracts/containment'
import { describeCredentials } from '../../contracts/credentials'
import { describeForensics } from '../../contracts/forensics'
import { describeHardening } from '../../contracts/hardening'
import { startPair, type Pair } from './pair'

const answers = async (pair: Pair, login: Login): Promise<boolean> => {
  let client: Client | undefined
  try {
    client = await connect(pair.endpoints.primary, login, 4000)
    await client.query('select')
    return true
  } catch {
    return false
  } finally {
    destroy(client)
  }
}

/** Opens every login again, as a guard that holds the right to write would. */
const openLogins = async (pair: Pair): Promise<void> => {
  const keeper = await pair.session('primary')
  for (const role of pair.plan.roles) await keeper.query(`alter role "${role}" login valid until 'infinity'`)
}

async function setHostAccess(pair: Pair, text: string): Promise<void> {
  const keeper = await pair.session('primary')
  const { rows } = await keeper.query<{ file: string }>(`select current_setting('hba_file') as file`)
  await writeFile(rows[0]!.file, text)
  await keeper.query('select pg_reload_conf()')
  while (
    !(await answers(pair, pair.plan.login(FENCE_ROLE))) ||
    (await keeper.query('select from pg_hba_file_rules where error is not null')).rowCount! > 0
  );
}

describeContainment('real PostgreSQL', async () => {
  const pair = await startPair()
  const inside = await pair.session('primary', 'clinic_app')
  return {
    containment: pair.ports.containment,
    compromised: pair.primary,
    letsIn: async () => {
      const stayed = await inside.query('select').then(
        () => true,
        () => false,
      )
      return stayed || answers(pair, pair.plan.login('clinic_app'))
    },
    letsFenceRoleIn: () => answers(pair, pair.plan.login(FENCE_ROLE)),
    reopen: async () => {
      await setHostAccess(pair, OPEN_TO_ALL)
      await openLogins(pair)
    },
    remove: pair.remove,
  }
})

describeForensics('real PostgreSQL', async () => {
  const pair = await startPair()
  return {
    forensics: pair.ports.forensics,
    compromised: pair.primary,
    settle: () => sleep(20),
    copies: async () => (await readdir(pair.kept).catch(() => [])).length,
    tamper: async (name) => {
      const log = join(pair.kept, name, 'server.log')
      await chmod(log, 0o600)
      await appendFile(log, 'nothing happened here')
    },
    remove: pair.remove,
  }
})

describeCredentials('real PostgreSQL', async () => {
  const pair = await startPair()
  return {
    credentials: pair.ports.credentials,
    clean: pair.primary,
    letsInWithOld: () => answers(pair, pair.plan.login('clinic_jobs')),
    letsInWithHanded: () => answers(pair, pair.secrets.login('clinic_jobs')),
    trustAnySecret: () =>
      setHostAccess(pair, OPEN_TO_ALL.replace('all all 127.0.0.1/32 scram-sha-256', 'all all 127.0.0.1/32 trust')),
    remove: pair.remove,
  }
})

describeHardening('real PostgreSQL', async () => {
  const pair = await startPair()
  const keeper = await pair.session('primary')
  return {
    hardening: pair.ports.hardening,
    clean: pair.primary,
    soften: async () => void (await keeper.query('grant create on schema public to public')),
    leaveLogin: async (role) => {
      await keeper.query(`create role ${role} login`)
      return () => keeper.query(`drop role ${role}`)
    },
    remove: pair.remove,
  }
})

/** The network of a clean copy is closed until it is opened to everybody. */
it('judges old secrets by what the server keeps where nobody is let in yet', async () => {
  const pair = await startPair()
  try {
    await setHostAccess(pair, closedToAllBut(FENCE_ROLE))
    const rotate = () => pair.ports.credentials.rotate(pair.primary, { key: 'run-1/rotate' })
    expect((await rotate()).stillAccepted).toEqual([])
    const keeper = await pair.session('primary')
    const publish = jest.spyOn(pair.secrets, 'publish').mockImplementation(async () => {
      await keeper.query(`alter role clinic_jobs password '${pair.plan.login('clinic_jobs').password}'`)
    })
    expect((await rotate()).stillAccepted).toEqual(['clinic_jobs'])
    publish.mockRestore()
  } finally {
    await pair.remove()
  }
}, 60_000)

it('calls no secret alive where nobody answers whoever tries it: that may pass, and is tried again', async () => {
  const pair = await startPair()
  try {
    const rotate = () => pair.ports.credentials.rotate(pair.primary, { key: 'run-1/rotate' })
    const { publish } = pair.secrets
    const published = jest.spyOn(pair.secrets, 'publish').mockImplementation(async (region, fresh) => {
      await publish(region, fresh)
      pair.links.toPrimary.cut()
    })
    await expect(rotate()).rejects.toMatchObject({ failure: 'unreachable' })
    published.mockRestore()
    pair.links.toPrimary.heal()
    expect((await rotate()).stillAccepted).toEqual([])
  } finally {
    await pair.remove()
  }
}, 120_000)

/** Ways back that an attacker may leave, each of which one search has to find. */
describe('a scan of the catalog', () => {
  let pair: Pair
  beforeAll(async () => {
    pair = await startPair()
    await pair.ports.hardening.apply(pair.primary, ['superusers-cannot-log-in'])
  }, 60_000)
  afterAll(() => pair?.remove())

  it.each([
    ['UNEXPECTED_SUPERUSER', 'create role shadow superuser', 'drop role shadow'],
    [
      'UNKNOWN_FUNCTION',
      `create function clinic.again() returns trigger language plpgsql as 'begin return new; end'`,
      'drop function clinic.again()',
    ],
    [
      'UNKNOWN_TRIGGER',
      `create trigger again before insert on clinic.records for each row execute function suppress_redundant_updates_trigger()`,
      'drop trigger again on clinic.records',
    ],
    [
      'UNKNOWN_EVENT_TRIGGER',
      `create function recovery_guard.back() returns event_trigger language plpgsql as 'begin end'; create event trigger back on ddl_command_start execute function recovery_guard.back()`,
      'drop event trigger back; drop function recovery_guard.back()',
    ],
  ])('finds %s', async (code, leave, remove) => {
    const keeper = await pair.session('primary')
    const scan = () => pair.ports.hardening.scan(pair.primary, [])
    expect(await scan()).toEqual([])
    await keeper.query(leave)
    expect((await scan()).map((finding) => finding.code)).toEqual([code])
    await keeper.query(remove)
    expect(await scan()).toEqual([])
  })
})

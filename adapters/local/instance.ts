import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { UserError } from '../../core/user-error'
import { connect, destroy, type Endpoint, type Login } from '../postgres/connect'
import type { ServerCertificate } from './certificates'
import type { PostgresBinaries } from './postgres-binaries'
import { closedToAllBut, OPEN_TO_ALL } from './host-access'
import { copyFiles, copyOnline } from './online-copy'
import { databaseEnvironment, run, writeOwned } from './owned-files'
import { kill, ownedFolder, processesIn, type DatabaseUser } from './scratch'
import { DATABASE } from './world-plan'

export interface InstanceOptions {
  readonly name: string
  readonly folder: string
  readonly endpoint: Endpoint
  readonly certificate: ServerCertificate
  readonly archive: string
  readonly binaries: PostgresBinaries
  readonly user: DatabaseUser
  readonly settings?: Readonly<Record<string, string>>
}

/** Where a standby streams from, as libpq understands it. */
export interface Source {
  readonly endpoint: Endpoint
  readonly login: Login
}

/** How far a restored copy replays the archive. */
export interface RecoveryPoint {
  /** Archive of the server that was backed up. */
  readonly archive: string
  /** The first moment that is not recovered, with its offset from UTC. */
  readonly before: string
}

/** One PostgreSQL server of a world: made, started, killed and removed only inside its own folder. */
export class Instance {
  readonly data: string
  private binaries: PostgresBinaries

  constructor(private readonly options: InstanceOptions) {
    this.data = join(options.folder, options.name)
    this.binaries = options.binaries
  }

  get name(): string {
    return this.options.name
  }

  get endpoint(): Endpoint {
    return this.options.endpoint
  }

  /** Where the server puts its finished segments of the log. */
  get archive(): string {
    return this.options.archive
  }

  /** A new, empty database cluster. */
  async initialize(superuser: Login): Promise<void> {
    const { folder, user } = this.options
    await ownedFolder(this.data, user)
    const password = join(folder, `${this.name}.initial`)
    await writeOwned(password, superuser.password, user)
    await this.run(this.binaries.initdb, [
      '-D',
      this.data,
      '-U',
      superuser.user,
      '--pwfile',
      password,
      '--auth',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--locale',
      'C',
      '--no-sync',
    ])
    await rm(password)
    await this.createDatabase()
    await this.configure()
  }

  /** The endpoint's database, where a new cluster does not have it; without a server, which could not be logged in to yet. */
  private async createDatabase(): Promise<void> {
    const { endpoint } = this.options
    if (endpoint.database === DATABASE) return
    await this.run(
      this.binaries.postgres,
      ['--single', '-D', this.data, DATABASE],
      `create database "${endpoint.database}"\n`,
    )
  }

  /** A standby of `source`, by a copy of its files between start and stop of an online backup. */
  async copyFrom(origin: Instance, superuser: Login, source: Source): Promise<void> {
    await copyOnline(origin, this.data, this.name, superuser, this.options.user)
    await this.writeOwned('standby.signal', '')
    const { endpoint, login } = source
    const conninfo = `host=${endpoint.name} hostaddr=${endpoint.host} port=${endpoint.port} user=${login.user} password=${login.password} application_name=${this.name} sslmode=verify-full sslrootcert=${join(this.data, 'authority.crt')}`
    await this.configure({
      primary_conninfo: `'${conninfo}'`,
      restore_command: `'cp ${this.archive}/%f %p'`,
      wal_retrieve_retry_interval: "'100ms'",
    })
  }

  /** A base backup in `folder`, which belongs to the database user afterwards. */
  async backUp(folder: string, superuser: Login): Promise<void> {
    await copyOnline(this, folder, 'base', superuser, this.options.user)
  }

  /** A copy of a base backup that, once started, replays the archive up to a moment and is a primary of its own then. */
  async restoreFrom(backup: string, { archive, before }: RecoveryPoint): Promise<void> {
    await ownedFolder(this.data, this.options.user)
    await copyFiles(backup, await readdir(backup), this.data, this.options.user)
    await this.writeOwned('recovery.signal', '')
    await this.configure({
      restore_command: `'cp ${archive}/%f %p'`,
      // PostgreSQL reads this setting before it knows the names of time zones, Z among them.
      recovery_target_time: `'${before.replace('T', ' ').replace(/Z$/, '+00')}'`,
      recovery_target_inclusive: 'off',
      recovery_target_action: 'promote',
    })
  }

  /** Starts the server and waits until it answers the login. `closed` lets nobody in but the fence role. */
  async start(login: Login, reach: 'open' | { readonly closedTo: string } = 'open'): Promise<void> {
    await this.writeOwned('pg_hba.conf', reach === 'open' ? OPEN_TO_ALL : closedToAllBut(reach.closedTo))
    const log = openSync(join(this.options.folder, `${this.name}.log`), 'a')
    const { uid, gid } = this.options.user
    // A process group of its own: an interrupt at the terminal must reach the drill first, not the databases.
    const server = spawn(this.binaries.postgres, ['-D', this.data], {
      cwd: this.data,
      uid,
      gid,
      detached: true,
      stdio: ['ignore', log, log],
      env: databaseEnvironment(this.data),
    })
    server.unref()
    closeSync(log)
    let ended = false
    server.once('error', () => (ended = true)).once('exit', () => (ended = true))
    await this.waitUntilAnswers(login, () => ended)
  }

  /**
   * Stops the server and starts it with other programs on the same files, as a patch of a minor version does: the format of the
   * files is that of the major one (https://www.postgresql.org/docs/18/upgrading.html).
   */
  async goOnWith(binaries: PostgresBinaries, login: Login, reach: Parameters<Instance['start']>[1]): Promise<void> {
    kill(await this.postmaster(), 'SIGINT')
    await this.stopped()
    this.binaries = binaries
    await this.start(login, reach)
  }

  /** Process ids of the server and all its backends, also of those whose postmaster is gone. */
  async processes(): Promise<number[]> {
    return [...(await processesIn(this.data)), ...(await processesIn(this.aside))]
  }

  /** Kills every process of the server, sees that none is left, and puts its files, if any, where no start finds them. */
  async retire(): Promise<void> {
    while ((await this.processes()).length > 0) {
      await this.signal('SIGKILL')
      await sleep(10)
    }
    await rename(this.data, this.aside).catch(unlessMissing)
  }

  /** Kills every process of the server and removes its files. */
  async remove(): Promise<void> {
    await this.retire()
    await rm(this.aside, { recursive: true, force: true })
  }

  private get aside(): string {
    return `${this.data}.retired`
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    for (const pid of await this.processes()) kill(pid, signal)
  }

  /** Kills the postmaster alone; its backends live on for some milliseconds, as after a crash. */
  async killPostmaster(): Promise<void> {
    kill(await this.postmaster(), 'SIGKILL')
  }

  private async postmaster(): Promise<number> {
    const text = await readFile(join(this.data, 'postmaster.pid'), 'utf8')
    return Number(text.split('\n')[0])
  }

  /** Resolves once no process of the server is left. */
  async stopped(): Promise<void> {
    while ((await this.processes()).length > 0) await sleep(20)
    await rm(join(this.data, 'postmaster.pid'), { force: true })
  }

  private async configure(standby: Readonly<Record<string, string>> = {}): Promise<void> {
    const { endpoint, certificate, archive, settings } = this.options
    await this.writeOwned('server.crt', certificate.certificate)
    await this.writeOwned('server.key', certificate.key)
    await this.writeOwned('authority.crt', endpoint.authority)
    const all: Record<string, string> = {
      listen_addresses: "'127.0.0.1'",
      port: String(endpoint.port),
      unix_socket_directories: "''",
      ssl: 'on',
      ssl_min_protocol_version: "'TLSv1.3'",
      ssl_cert_file: "'server.crt'",
      ssl_key_file: "'server.key'",
      ssl_ca_file: "'authority.crt'",
      max_connections: '60',
      shared_buffers: "'64MB'",
      max_wal_size: "'1GB'",
      wal_keep_size: "'512MB'",
      hot_standby: 'on',
      archive_mode: 'on',
      // Which rows were written after a moment, and when a transaction was: a recovery to a point in time asks both.
      track_commit_timestamp: 'on',
      archive_command: `'test -f ${archive}/%f || cp %p ${archive}/%f.part && mv ${archive}/%f.part ${archive}/%f'`,
      jit: 'off',
      log_min_messages: 'warning',
      ...settings,
      ...standby,
    }
    const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`)
    await this.writeOwned('postgresql.conf', `${lines.join('\n')}\n`)
    await rm(join(this.data, 'postgresql.auto.conf'), { force: true })
  }

  private async waitUntilAnswers(login: Login, hasEnded: () => boolean): Promise<void> {
    for (const deadline = Date.now() + 60_000; ;) {
      let client: Client | undefined
      try {
        client = await connect(this.endpoint, login, 2000)
        await client.query('select')
        return
      } catch (error) {
        if (hasEnded() || Date.now() > deadline) throw await this.didNotStart(error)
        await sleep(30)
      } finally {
        destroy(client)
      }
    }
  }

  /** Why the server did not start, as far as its log tells. */
  private async didNotStart(cause: unknown): Promise<Error> {
    const log = await readFile(join(this.options.folder, `${this.name}.log`), 'utf8').catch(() => '')
    const end = log.trim().split('\n').slice(-5).join(' | ')
    // Ports are chosen before the servers start, and anybody may be quicker.
    if (/Address already in use/.test(end)) {
      return new UserError(
        'PORT_TAKEN',
        `another program took port ${this.endpoint.port} of 127.0.0.1 before the database '${this.name}' could`,
        'run the drill again; it chooses other ports',
        { cause },
      )
    }
    return new Error(`the database '${this.name}' did not start; its log ends: ${end}`, { cause })
  }

  private writeOwned(file: string, text: string): Promise<void> {
    return writeOwned(join(this.data, file), text, this.options.user)
  }

  private run(program: string, args: readonly string[], input = ''): Promise<void> {
    return run({ program, args, folder: this.data, user: this.options.user, input })
  }
}

function unlessMissing(error: unknown): void {
  if ((error as { code?: string }).code !== 'ENOENT') throw error
}

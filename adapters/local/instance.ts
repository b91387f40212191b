import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { chown, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { UserError } from '../../core/user-error'
import { connect, destroy, type Endpoint, type Login } from '../postgres/connect'
import type { ServerCertificate } from './certificates'
import type { PostgresBinaries } from './postgres-binaries'
import { closedToAllBut, OPEN_TO_ALL } from './host-access'
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

/** One PostgreSQL server of a world: made, started, killed and removed only inside its own folder. */
export class Instance {
  private readonly data: string

  constructor(private readonly options: InstanceOptions) {
    this.data = join(options.folder, options.name)
  }

  get name(): string {
    return this.options.name
  }

  get endpoint(): Endpoint {
    return this.options.endpoint
  }

  /** Who may come in from where; read again when the server reloads. */
  get hostAccessFile(): string {
    return join(this.data, 'pg_hba.conf')
  }

  /** A new, empty database cluster. */
  async initialize(superuser: Login): Promise<void> {
    const { folder, user, binaries } = this.options
    await ownedFolder(this.data, user)
    const password = join(folder, `${this.name}.initial`)
    await this.writeOwned(password, superuser.password)
    await this.run(binaries.initdb, [
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
    const { binaries, endpoint } = this.options
    if (endpoint.database === DATABASE) return
    await this.run(
      binaries.postgres,
      ['--single', '-D', this.data, DATABASE],
      `create database "${endpoint.database}"\n`,
    )
  }

  /** A standby of `source`, by a copy of its files between start and stop of an online backup. */
  async copyFrom(origin: Instance, superuser: Login, source: Source): Promise<void> {
    const session = await connect(origin.endpoint, superuser, 5000)
    try {
      await session.query(`select pg_backup_start($1, true)`, [this.name])
      await ownedFolder(this.data, this.options.user)
      // Not the log: the server renames its segments while they are copied, and the copy streams its own.
      const copied = (await readdir(origin.data)).filter((entry) => !NOT_COPIED.has(entry))
      await this.run('cp', ['-a', ...copied.map((entry) => join(origin.data, entry)), this.data])
      for (const folder of ['pg_wal', 'pg_wal/archive_status', 'pg_wal/summaries'])
        await ownedFolder(join(this.data, folder), this.options.user)
      // No wait for the archive, which costs a second: the copy streams what the archive does not hold yet.
      const { rows } = await session.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
      for (const slot of await readdir(join(this.data, 'pg_replslot')))
        await rm(join(this.data, 'pg_replslot', slot), { recursive: true })
      await this.writeOwned(join(this.data, 'backup_label'), rows[0]!.labelfile)
    } finally {
      destroy(session)
    }
    await this.writeOwned(join(this.data, 'standby.signal'), '')
    const { endpoint, login } = source
    const conninfo = `host=${endpoint.name} hostaddr=${endpoint.host} port=${endpoint.port} user=${login.user} password=${login.password} application_name=${this.name} sslmode=verify-full sslrootcert=${join(this.data, 'authority.crt')}`
    await this.configure({
      primary_conninfo: `'${conninfo}'`,
      restore_command: `'cp ${this.options.archive}/%f %p'`,
      wal_retrieve_retry_interval: "'100ms'",
    })
  }

  /** Starts the server and waits until it answers the login. `closed` lets nobody in but the fence role. */
  async start(login: Login, access: 'open' | { readonly closedTo: string } = 'open'): Promise<void> {
    await this.writeOwned(this.hostAccessFile, access === 'open' ? OPEN_TO_ALL : closedToAllBut(access.closedTo))
    const log = openSync(join(this.options.folder, `${this.name}.log`), 'a')
    const { uid, gid } = this.options.user
    // A process group of its own: an interrupt at the terminal must reach the drill first, not the databases.
    const server = spawn(this.options.binaries.postgres, ['-D', this.data], {
      cwd: this.data,
      uid,
      gid,
      detached: true,
      stdio: ['ignore', log, log],
      env: this.environment(),
    })
    server.unref()
    closeSync(log)
    let ended = false
    server.once('error', () => (ended = true)).once('exit', () => (ended = true))
    await this.waitUntilAnswers(login, () => ended)
  }

  /** Process ids of the server and all its backends, also of those whose postmaster is gone. */
  processes(): Promise<number[]> {
    return processesIn(this.data)
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    for (const pid of await this.processes()) kill(pid, signal)
  }

  /** Kills the postmaster alone; its backends live on for some milliseconds, as after a crash. */
  async killPostmaster(): Promise<void> {
    const text = await readFile(join(this.data, 'postmaster.pid'), 'utf8')
    kill(Number(text.split('\n')[0]), 'SIGKILL')
  }

  async stopped(): Promise<void> {
    while ((await this.processes()).length > 0) await sleep(20)
    await rm(join(this.data, 'postmaster.pid'), { force: true })
  }

  private async configure(standby: Readonly<Record<string, string>> = {}): Promise<void> {
    const { endpoint, certificate, archive, settings } = this.options
    await this.writeOwned(join(this.data, 'server.crt'), certificate.certificate)
    await this.writeOwned(join(this.data, 'server.key'), certificate.key)
    await this.writeOwned(join(this.data, 'authority.crt'), endpoint.authority)
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
      archive_command: `'test -f ${archive}/%f || cp %p ${archive}/%f.part && mv ${archive}/%f.part ${archive}/%f'`,
      jit: 'off',
      log_min_messages: 'warning',
      ...settings,
      ...standby,
    }
    const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`)
    await this.writeOwned(join(this.data, 'postgresql.conf'), `${lines.join('\n')}\n`)
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

  /** A standby's client library looks for keys in the home folder, and that of the user who started us is closed to it. */
  private environment(): NodeJS.ProcessEnv {
    return { PATH: process.env['PATH'], LC_ALL: 'C', HOME: this.data }
  }

  private async writeOwned(path: string, text: string): Promise<void> {
    await writeFile(path, text, { mode: 0o600 })
    await chown(path, this.options.user.uid, this.options.user.gid)
  }

  private run(program: string, args: readonly string[], input = ''): Promise<void> {
    const { uid, gid } = this.options.user
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: this.data,
        uid,
        gid,
        stdio: ['pipe', 'ignore', 'pipe'],
        env: this.environment(),
      })
      // A program that wants no input may have ended before it is offered any.
      child.stdin.once('error', () => undefined).end(input)
      let stderr = ''
      child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-2000)))
      child.once('error', reject)
      child.once('close', (code) =>
        code === 0
          ? resolve()
          : reject(
              new Error(
                `${program.split('/').at(-1)} of '${this.name}' failed with exit code ${code}: ${stderr.trim()}`,
              ),
            ),
      )
    })
  }
}

/** What of a running server's data folder belongs to that server alone. */
const NOT_COPIED = new Set(['pg_wal', 'postmaster.pid', 'postmaster.opts'])

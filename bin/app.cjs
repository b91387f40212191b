// What cdk.json starts: bundles our own TypeScript in one go and runs it. A transpiling loader would visit each of a
// hundred small files on every synth, which costs more than building the stacks; an unchanged bundle is used again.
const { existsSync, readFileSync, statSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const ROOT = join(__dirname, '..')
// Compiling the CDK's own files is a tenth of a synthesis, and they change with an installation alone. Node keeps what it
// compiled from 22.1 on; before, a package does. Below dist, which belongs to this checkout, never in a shared folder.
const COMPILED = join(ROOT, 'dist', 'compiled')
const { enableCompileCache } = require('node:module')
if (enableCompileCache) enableCompileCache(COMPILED)
else {
  process.env['V8_COMPILE_CACHE_CACHE_DIR'] = COMPILED
  require('v8-compile-cache')
}
const VALIDATING = process.env['CDK_VALIDATION'] !== 'false'
// One folder below the root, like the sources, so that paths relative to a file still hold.
const outfile = join(ROOT, 'dist', VALIDATING ? 'app.cjs' : 'app.quick.cjs')
const stampFile = `${outfile}.inputs.json`

/** Inputs with what shows a change at the cost of one look each; a missing file changes the text too. */
const stampOf = (inputs) =>
  JSON.stringify(
    inputs.map((path) => {
      const { mtimeMs, size } = statSync(join(ROOT, path), { throwIfNoEntry: false }) ?? {}
      return [path, mtimeMs, size]
    }),
  )

function isFresh() {
  if (!existsSync(outfile) || !existsSync(stampFile)) return false
  const text = readFileSync(stampFile, 'utf8')
  return text === stampOf(JSON.parse(text).map(([path]) => path))
}

if (!isFresh()) {
  const { metafile } = require('esbuild').buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['bin/app.ts'],
    outfile,
    bundle: true,
    // Packages with files of their own, or with hundreds that are loaded when they are needed; of the others only what is
    // used comes along, which spares zod's forty languages.
    external: ['aws-cdk-lib', 'aws-cdk-lib/*', 'cdk-nag', 'constructs', 'esbuild'],
    mainFields: ['module', 'main'],
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Code that v8-compile-cache compiled cannot import(): https://github.com/zertosh/v8-compile-cache/issues/30
    supported: { 'dynamic-import': false },
    metafile: true,
    // Keeps the lines that findings point to.
    sourcemap: VALIDATING ? 'inline' : false,
    logLevel: 'error',
  })
  writeFileSync(stampFile, stampOf(['bin/app.cjs', 'package-lock.json', ...Object.keys(metafile.inputs)]))
}
process.setSourceMapsEnabled(VALIDATING)
require(outfile)

// What cdk.json starts: bundles our own TypeScript in one go and runs it. A transpiling loader would visit each of a
// hundred small files on every synth, which costs more than building the stacks.
const { join } = require('node:path')
const { buildSync } = require('esbuild')

// One folder below the root, like the sources, so that paths relative to a file still hold.
const outfile = join(__dirname, '..', 'dist', 'app.cjs')
buildSync({
  entryPoints: [join(__dirname, 'app.ts')],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Keeps the lines that findings point to.
  sourcemap: process.env['CDK_VALIDATION'] === 'false' ? false : 'inline',
  logLevel: 'error',
})
process.setSourceMapsEnabled(process.env['CDK_VALIDATION'] !== 'false')
require(outfile)

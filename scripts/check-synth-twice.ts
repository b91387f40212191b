import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { ENVIRONMENTS } from '../policy'

const ROOT = join(__dirname, '..')
const CDK = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk')

/**
 * Synthesizes each environment twice and compares every byte: a template that changes by itself would be deployed without
 * a change, and no diff of it could be trusted. Exits 1 with the files that differ.
 */
function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'synth-twice-'))
  try {
    for (const environment of ENVIRONMENTS) {
      const [one, other] = ['one', 'other'].map((name) => digests(environment, join(folder, `${environment}-${name}`)))
      const paths = [...new Set([...one!.keys(), ...other!.keys()])]
      const different = paths.filter((path) => one!.get(path) !== other!.get(path))
      process.stdout.write(`${environment}: ${paths.length} files twice, ${different.length} of them different\n`)
      for (const path of different) process.stdout.write(`  ${path}\n`)
      if (different.length > 0) process.exitCode = 1
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** SHA-256 of every file of a new synthesis, by its path. */
function digests(environment: string, output: string): Map<string, string> {
  const args = [CDK, 'synth', '--quiet', '--no-notices', '--output', output, '-c', `environment=${environment}`]
  const env = { ...process.env, CDK_VALIDATION: 'false' }
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', env })
  if (status !== 0) throw new Error(`cdk synth of ${environment} failed: ${stderr}`)
  const files = readdirSync(output, { recursive: true, encoding: 'utf8' })
    .map((path) => join(output, path))
    .filter((path) => statSync(path).isFile())
  return new Map(
    files.map((path) => [relative(output, path), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  )
}

main()

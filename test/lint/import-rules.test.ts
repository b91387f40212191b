import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const ROOT = join(__dirname, '../..')

/** One forbidden import per rule and folder; each must be refused with the reason that names the rule. */
const VIOLATIONS: readonly [file: string, imported: string, reason: string][] = [
  ['core/a.ts', 'aws-cdk-lib', 'the core imports no framework'],
  ['core/a.ts', 'aws-cdk-lib/aws-rds', 'the core imports no framework'],
  ['core/a.ts', '@aws-sdk/client-rds', 'the core imports no framework'],
  ['core/a.ts', 'pg', 'the core imports no framework'],
  ['core/runbook/a.ts', 'node:fs', 'the core imports no framework'],
  ['core/runbook/a.ts', 'node:fs/promises', 'the core imports no framework'],
  ['core/a.ts', 'node:child_process', 'the core imports no framework'],
  ['core/a.ts', '../adapters/memory/world', 'the core imports only the core'],
  ['core/a.ts', '../cli/progress', 'the core imports only the core'],
  ['core/a.ts', '../lib/names', 'the core imports only the core'],
  ['core/a.ts', '../lambda/guard/contract', 'the core imports only the core'],
  ['core/a.ts', '../policy/neonpro', 'the core is given a policy'],
  ['policy/a.ts', 'node:fs', 'the policy is plain data'],
  ['policy/a.ts', '../adapters/memory/world', 'the policy imports only the core'],
  ['adapters/aws/a.ts', 'constructs', 'run time carries no CDK'],
  ['adapters/local/a.ts', '../../cli/progress', 'adapters import only the core'],
  ['adapters/local/a.ts', '../../policy/neonpro', 'adapters are given settings'],
  ['lib/stacks/a.ts', '@aws-sdk/client-rds', 'synth time makes no AWS calls'],
  ['lib/stacks/a.ts', '../../adapters/aws/ports', 'not adapters'],
  ['lib/constructs/a.ts', '../../lambda/guard/handler', 'never its handler'],
  ['lambda/guard/a.ts', 'aws-cdk-lib', 'run time carries no CDK'],
  ['lambda/guard/a.ts', '../../lib/names', 'functions import only'],
  ['drills/a.ts', '@aws-sdk/client-rds', 'a drill runs on this machine alone'],
  ['drills/a.ts', '../adapters/aws/ports', 'drills import only'],
  ['drills/a.ts', '../cli/progress', 'drills import only'],
  ['adapters/aws/a.ts', '../../emulator/run', 'adapters import only the core'],
  ['drills/a.ts', '../emulator/run', 'drills import only'],
  ['emulator/a.ts', 'aws-cdk-lib', 'what the CDK command line synthesized'],
  ['emulator/a.ts', '../lib/recovery-stage', 'an emulator run imports only'],
  ['emulator/a.ts', '../lambda/guard/handler', 'an emulator run imports only'],
  ['cli/a.ts', 'aws-cdk-lib', 'the CLI never synthesizes'],
  ['cli/a.ts', '../lambda/guard/handler', 'the CLI imports only'],
]

/** Imports the layout wants; refusing one of these would push people to work around the rules. */
const ALLOWED: readonly [file: string, imported: string][] = [
  ['core/a.ts', 'zod'],
  ['core/a.ts', 'node:crypto'],
  ['core/runbook/a.ts', '../policy/schema'],
  ['adapters/local/a.ts', '../../core/json'],
  ['lib/constructs/a.ts', '../../lambda/guard/contract'],
  ['lib/stacks/a.ts', 'aws-cdk-lib/aws-rds'],
  ['lambda/guard/a.ts', '../../adapters/aws/ports'],
  ['drills/a.ts', '../adapters/local/world'],
  ['emulator/a.ts', '../lib/names'],
  ['emulator/a.ts', '../drills/logs'],
  ['cli/a.ts', '../adapters/local/world'],
]

describe('import rules', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'import-rules-'))
    cpSync(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('refuse one planted violation of every kind, with the reason', () => {
    for (const [index, [file, imported]] of VIOLATIONS.entries()) plant(folder, file, `violation${index}`, imported)
    const found = lint(folder)
    for (const [index, [file, imported, reason]] of VIOLATIONS.entries()) {
      const messages = found.filter((d) => d.filename.endsWith(`violation${index}.ts`)).map((d) => d.help ?? d.message)
      expect({ file, imported, messages: messages.join() }).toEqual({
        file,
        imported,
        messages: expect.stringContaining(reason),
      })
    }
  })

  test('accept the imports the layout wants', () => {
    for (const [index, [file, imported]] of ALLOWED.entries()) plant(folder, file, `allowed${index}`, imported)
    expect(lint(folder).filter((d) => d.filename.includes('allowed'))).toEqual([])
  })
})

function plant(folder: string, file: string, name: string, imported: string): void {
  const path = join(folder, dirname(file), `${name}.ts`)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `import * as imported from '${imported}'\nexport { imported }\n`)
}

interface Diagnostic {
  readonly filename: string
  readonly code: string
  readonly message: string
  readonly help?: string
}

function lint(folder: string): Diagnostic[] {
  const oxlint = join(ROOT, 'node_modules/oxlint/bin/oxlint')
  let output: string
  try {
    output = execFileSync(process.execPath, [oxlint, '--format', 'json'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    output = (error as { stdout: string }).stdout
  }
  const { diagnostics } = JSON.parse(output) as { diagnostics: Diagnostic[] }
  return diagnostics.filter((d) => d.code.includes('no-restricted-imports'))
}

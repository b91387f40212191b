import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { explain, feasibilityTable, IMPORT_LOSSES, leafPaths, renderFeasibility, RULES } from '../core/policy'
import { presetInForce } from '../cli/preset-file'
import { originOf, resolvePolicy } from '../policy'

const folder = join(__dirname, '..', 'docs', 'generated')
const file = join(folder, 'policy.md')

/** Writes docs/generated/policy.md; with `--check` changes nothing and exits 1 when it is not what would be written. */
async function main(): Promise<void> {
  const wanted = await format(page(), { ...(await resolveConfig(file)), parser: 'markdown' })
  if (process.argv.includes('--check')) {
    const found = await readFile(file, 'utf8').catch(() => undefined)
    if (found === wanted) return
    process.stderr.write('docs/generated/policy.md does not match the policy; run npx tsx scripts/generate-docs.ts\n')
    process.exitCode = 1
    return
  }
  await mkdir(folder, { recursive: true })
  await writeFile(file, wanted)
}

function page(): string {
  const preset = presetInForce()
  const policy = resolvePolicy('production', preset)
  return [
    '# The policy',
    'Generated from `policy/` and `core/policy/` by `scripts/generate-docs.ts`. Edit those, not this.',
    '## What can be promised',
    `\`\`\`text\n${renderFeasibility(feasibilityTable(policy))}\n\`\`\``,
    '## Rules',
    table(
      ['Rule', 'Promise'],
      RULES.map(({ id, promise }) => [`\`${id}\``, promise]),
    ),
    '## What an import takes out of our hands',
    'An imported resource is protected by whoever declares it. `recovery policy check` repeats this for each import of a policy.',
    table(
      ['Imported', 'Protection', 'What has to be so, by its own settings'],
      Object.entries(IMPORT_LOSSES).flatMap(([kind, losses]) =>
        losses.map(({ protection, required }) => [kind, protection, required]),
      ),
    ),
    '## Fields in production',
    table(
      ['Field', 'Value', 'Meaning; unit', 'From'],
      leafPaths(policy).map((path) => {
        const found = explain(policy, path)
        return [
          `\`${path}\``,
          `\`${JSON.stringify(found?.value)}\``,
          found?.meaning ?? '',
          originOf('production', path, preset),
        ]
      }),
    ),
  ].join('\n\n')
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escape).join(' | ')} |`).join('\n')

const escape = (cell: string): string => cell.replaceAll('|', '\\|')

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import {
  explain,
  feasibilityTable,
  IMPORT_LOSSES,
  leafPaths,
  renderFeasibility,
  RULES,
  withRecoveryRegion,
} from '../core/policy'
import { TRACE_TEST, TRACEABILITY, type Trace } from '../core/posture/traceability'
import { procedureDocument } from '../core/procedure/markdown'
import { PROCEDURES, type Procedure } from '../core/procedure/printed'
import { valuesOf } from '../core/procedure/values'
import { presetInForce } from '../cli/preset-file'
import { originOf, resolvePolicy } from '../policy'

const DOCS = join(__dirname, '..', 'docs')
const PAGES: Readonly<Record<string, () => string>> = {
  'generated/policy.md': policyPage,
  'traceability.md': traceabilityPage,
  ...Object.fromEntries(
    PROCEDURES.map((procedure) => [`procedures/${procedure.name}.md`, () => procedurePage(procedure)]),
  ),
}

/** Writes every generated page of docs; with `--check` changes nothing and exits 1 when one is not what would be written. */
async function main(): Promise<void> {
  for (const [name, page] of Object.entries(PAGES)) {
    const file = join(DOCS, name)
    const wanted = await format(page(), { ...(await resolveConfig(file)), parser: 'markdown' })
    if (process.argv.includes('--check')) {
      const found = await readFile(file, 'utf8').catch(() => undefined)
      if (found === wanted) continue
      process.stderr.write(`docs/${name} does not match its source; run npm run docs\n`)
      process.exitCode = 1
      continue
    }
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, wanted)
  }
}

function policyPage(): string {
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

function traceabilityPage(): string {
  return [
    '# Traceability: from the procedure to a resource',
    'Generated from `core/posture/traceability` by `scripts/generate-docs.ts`. Edit that, not this.',
    'Each demand of sections 2, 3 and 4 that a resource can keep, in our words, with the property that keeps it in production. `test/invariants/traceability.test.ts` has a test of the same name for each: it reads the property in the synthesized templates, then makes it worse, takes it away and adds an entry without it, at one place of one resource at a time, and has to see that. Further tests in the column carry the proof beside it. A proof by template says what would be deployed; nothing here has been run on AWS.',
    ...TRACEABILITY.flatMap(({ title, kept, untraced }) => [
      `## ${title}`,
      table(
        ['Demand', 'Stack', 'Resource', 'Property', 'Has to be', 'Test', 'Proven by'],
        kept.map((trace) => [
          trace.demand,
          trace.stack,
          resourceOf(trace),
          `\`${trace.path}\``,
          trace.wanted.words,
          [TRACE_TEST, ...(trace.alsoBy ?? [])].map(linked).join('<br>'),
          trace.proof,
        ]),
      ),
      'Kept by no resource:',
      table(
        ['Demand', 'Because', 'Test'],
        untraced.map(({ demand, because, test }) => [demand, because, test === undefined ? 'none' : linked(test)]),
      ),
    ]),
  ].join('\n\n')
}

function procedurePage(procedure: Procedure): string {
  const policy = withRecoveryRegion(resolvePolicy('production', presetInForce()))
  return [
    '<!-- Generated from core/runbook and core/procedure by scripts/generate-docs.ts. Edit those, not this. -->',
    procedureDocument(procedure, valuesOf(policy, procedure.name)),
  ].join('\n\n')
}

function resourceOf({ type, named, having }: Trace): string {
  if (having !== undefined) return `${type} with \`${having}\``
  if (!named) return type
  return 'holds' in named
    ? `${type} with \`${named.holds}\` in its ${named.property}`
    : `${type} whose ${named.property} is \`${typeof named.is === 'string' ? named.is : named.is.source}\``
}

/** A file of the repository, as docs link to it. */
const linked = (path: string): string => `[${path.split('/').at(-1)}](../${path})`

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escape).join(' | ')} |`).join('\n')

const escape = (cell: string): string => cell.replaceAll('|', '\\|')

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})

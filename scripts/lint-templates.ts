import { spawnSync } from 'node:child_process'
import { pythonTool } from '../emulator/python-tools'
import { synthesizedStacks } from './synthesized'

/** Rules of cfn-lint whose findings stay, each with the reason. */
const ACKNOWLEDGED: Readonly<Record<string, string>> = {
  W3005: 'the CDK makes a resource depend on the whole of a role it already refers to: said twice, and right',
}

interface Finding {
  readonly Filename: string
  readonly Message: string
  readonly Location: { readonly Path: readonly (string | number)[] | null }
  readonly Rule: { readonly Id: string }
}

/**
 * Lints the synthesized templates of all environments with cfn-lint, each for its own region: a second opinion on the
 * properties that CloudFormation takes. Exits 1 for a finding that is not acknowledged, and for an acknowledgement that
 * nothing needs any more.
 */
async function main(): Promise<void> {
  const cfnLint = await pythonTool('cfn-lint')
  const stacks = synthesizedStacks()
  const regions = [...new Set(stacks.map(({ region }) => region))].toSorted()
  const findings = regions.flatMap((region) =>
    lint(
      cfnLint,
      region,
      stacks.filter((stack) => stack.region === region).map(({ file }) => file),
    ),
  )
  const unacknowledged = findings.filter(({ Rule }) => !(Rule.Id in ACKNOWLEDGED))
  for (const { Filename, Message, Location, Rule } of unacknowledged)
    process.stdout.write(`${Rule.Id} ${Filename} ${(Location.Path ?? []).join('/')}: ${Message}\n`)
  const unneeded = Object.keys(ACKNOWLEDGED).filter((id) => !findings.some(({ Rule }) => Rule.Id === id))
  if (unneeded.length > 0)
    process.stdout.write(`nothing needs the acknowledgement of ${unneeded.join(', ')} any more\n`)
  process.stdout.write(
    `cfn-lint: ${stacks.length} templates in ${regions.length} regions, ${findings.length} findings, ${unacknowledged.length} of them not acknowledged\n`,
  )
  if (unacknowledged.length + unneeded.length > 0) process.exitCode = 1
}

function lint(cfnLint: string, region: string, files: readonly string[]): Finding[] {
  const args = ['--format', 'json', '--non-zero-exit-code', 'none', '--regions', region, '--template', ...files]
  const { status, stdout, stderr } = spawnSync(cfnLint, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status !== 0) throw new Error(`cfn-lint failed for ${region}: ${stderr}`)
  return stdout.trim() === '' ? [] : (JSON.parse(stdout) as Finding[])
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})

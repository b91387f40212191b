import { Command } from 'commander'
import { readAssembly } from '../../adapters/local/assembly-folder'
import type { Assembly } from '../../core/posture/assembly'
import { judge, overstayed } from '../../core/posture/change-record'
import { weakenings } from '../../core/posture/diff'
import { asMarkdown, asText, passes } from '../../core/posture/report'
import { valueAt } from '../../core/policy/at-path'
import { UserError } from '../../core/user-error'
import { readChangeRecord, readChangeRecords } from '../change-records'
import { switchesCommand } from './posture-switches'

interface DiffOptions {
  readonly record: readonly string[]
  readonly records?: string
  readonly json?: true
  readonly markdown?: true
}

/** `recovery posture diff <old> <new>`: exits 1 for a weakening that no change record covers. */
export function postureCommand(): Command {
  const diff = new Command('diff')
    .description('what the newer of two synthesized assemblies protects less than the older one')
    .argument('<old>', "folder that 'cdk synth --output' wrote before the change")
    .argument('<new>', 'folder of the change')
    .option(
      '--record <file>',
      'approved change record; may be given again',
      (file, all: string[]) => [...all, file],
      [],
    )
    .option('--records <folder>', 'folder of approved change records')
    .option('--json', 'one JSON document on stdout')
    .option('--markdown', 'a comment for a pull request')
    .action(async (older: string, newer: string, { record, records: folder, json, markdown }: DiffOptions) => {
      const [before, after] = [await readWithPolicy(older), await readWithPolicy(newer)]
      const records = [
        ...(await Promise.all(record.map(readChangeRecord))),
        ...(folder === undefined ? [] : await readChangeRecords(folder)),
      ]
      const occasion = { environment: environmentOf(after, newer), today: new Date().toISOString().slice(0, 10) }
      const verdict = {
        judged: judge(weakenings(before, after), records, occasion),
        overstayed: overstayed(after, records, occasion),
      }
      const said = passes(verdict) ? 'pass' : 'fail'
      if (json) {
        const { judged, ...others } = verdict
        process.stdout.write(`${JSON.stringify({ verdict: said, weakenings: judged, ...others }, undefined, 2)}\n`)
      } else process.stdout.write(`${markdown ? asMarkdown(verdict) : asText(verdict)}\n`)
      process.exitCode = said === 'pass' ? 0 : 1
    })
  return new Command('posture')
    .description('compare what two versions of the stacks protect, and show what can be turned off')
    .addCommand(diff)
    .addCommand(switchesCommand())
}

/** An assembly without its policy says nothing of promises, and a diff that is silent about them would pass. */
async function readWithPolicy(folder: string): Promise<Assembly> {
  const assembly = await readAssembly(folder)
  if (assembly.policy !== undefined) return assembly
  throw new UserError(
    'ASSEMBLY_WITHOUT_POLICY',
    `'${folder}' carries no policy, so that its promises cannot be compared`,
    "give the whole folder that 'cdk synth --output' wrote: the policy lies in one of its assets",
  )
}

function environmentOf({ policy }: Assembly, folder: string): string {
  const environment = valueAt(policy, ['environment'])
  if (typeof environment === 'string') return environment
  throw new UserError(
    'ASSEMBLY_WITHOUT_ENVIRONMENT',
    `the policy in '${folder}' names no environment, and a change record covers one alone`,
    'synthesize it again',
  )
}

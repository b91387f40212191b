import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { evidenceInFolders } from '../adapters/local/folder-controls'
import { validateCompliance } from '../core/compliance/validation/validate'
import { contentHash } from '../core/evidence'
import { resolvePolicy } from '../policy'
import { plantEach } from '../test/core/compliance/planted-violations'

// Validates every control by the templates of production and the evidence that drills and verifications left, counts those
// that a machine decided, and sees each of them that passed turn red by the violation that is planted for it in a copy.
//
//   npm run check:controls -- --least 30

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '.recovery' },
    assembly: { type: 'string', default: join('cdk.out', 'production') },
    least: { type: 'string', default: '0' },
  },
})

async function main(): Promise<void> {
  const { folder, assembly, least } = values
  const at = await evidenceInFolders({ policy: resolvePolicy('production'), folder, assembly })
  const { controls, score, catalogue } = validateCompliance(at)
  const of = (verdict: string) => controls.filter(({ machine }) => machine === verdict).map(({ id }) => id)
  for (const verdict of ['PASS', 'FAIL', 'STALE', 'UNKNOWN'])
    process.stdout.write(`${verdict.padEnd(7)} ${of(verdict).length}: ${of(verdict).join(' ')}\n`)
  const planted = plantEach(at)
  const unturned = planted.filter(({ turned, wanted }) => !isSame(turned, wanted))
  for (const { id, turned, wanted } of unturned)
    process.stdout.write(`${id}: its violation turned ${JSON.stringify(turned)}, not ${JSON.stringify(wanted)}\n`)
  process.stdout.write(
    `${score.decidedByMachine} of ${score.controls} controls decided by machine (evidence ${at.chain}, catalogue ${catalogue.slice(0, 16)}); ${planted.length - unturned.length} of ${planted.length} that pass are turned by a planted violation\n`,
  )
  if (unturned.length > 0 || score.decidedByMachine < Number(least)) process.exitCode = 1
}

const isSame = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean =>
  contentHash(one) === contentHash(other)

void main()

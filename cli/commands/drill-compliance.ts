import { Command, Option } from 'commander'
import { FINDING_CODES, isFindingCode } from '../../core/compliance/finding-kinds'
import type { DrillResult } from '../../core/measurement'
import type { TwoRegionPolicy } from '../../core/policy'
import { complianceViolation } from '../../drills/compliance-violation'
import { withProgress } from '../progress'

/** What every drill of the command line shares. */
interface Shared {
  readonly folder: string
  readonly rehearsed: (preset?: string) => TwoRegionPolicy
  readonly answer: (result: DrillResult, json: true | undefined) => void
}

interface Options {
  readonly violation: string
  readonly assembly?: string
  readonly preset?: string
  readonly json?: true
}

/** `recovery drill compliance-violation`. */
export const complianceViolationCommand = ({ rehearsed, answer, folder }: Shared): Command =>
  new Command('compliance-violation')
    .description('something protects less than declared; it is found, remedied, validated, and learned from')
    .addOption(new Option('--violation <code>', 'what is planted').choices(['all', ...FINDING_CODES]).default('all'))
    .option('--assembly <folder>', "what 'cdk synth --output' wrote for production (default: synthesized anew)")
    .option('--preset <file>', 'JSON file that chooses another recovery region')
    .option('--json', 'one JSON document on stdout')
    .action(async ({ violation, assembly, preset, json }: Options) => {
      const result = await withProgress('Compliance violation', !json, (reporter) =>
        complianceViolation(
          {
            policy: rehearsed(preset),
            violations: isFindingCode(violation) ? [violation] : FINDING_CODES,
            folder,
            ...(assembly && { assembly }),
            ...(preset && { preset }),
          },
          reporter,
        ),
      )
      answer(result, json)
    })

import { statSync } from 'node:fs'
import { synthesizedStacks } from './synthesized'

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html; size of a template in S3. */
const LIMITS = { resources: 500, parameters: 200, outputs: 200, mappings: 200, bytes: 1_000_000 } as const
type Measure = keyof typeof LIMITS
/** Share of a limit that a template may use: what a stack grows by in a release has to fit into the rest. */
const ALLOWED = 0.8

/** Prints the largest template by each limit of CloudFormation; exits 1 where one comes near its limit. */
function main(): void {
  const measured = synthesizedStacks().map(({ name, file, template }) => ({
    name,
    of: {
      resources: sizeOf(template.Resources),
      parameters: sizeOf(template['Parameters']),
      outputs: sizeOf(template['Outputs']),
      mappings: sizeOf(template['Mappings']),
      bytes: statSync(file).size,
    },
  }))
  for (const measure of Object.keys(LIMITS) as Measure[]) {
    const largest = measured.toSorted((a, b) => b.of[measure] - a.of[measure])[0]!
    const allowed = LIMITS[measure] * ALLOWED
    process.stdout.write(
      `${measure}: at most ${largest.of[measure]} (${largest.name}), ${allowed} of CloudFormation's ${LIMITS[measure]} allowed\n`,
    )
    if (largest.of[measure] > allowed) process.exitCode = 1
  }
}

const sizeOf = (section: unknown): number => Object.keys(section ?? {}).length

main()

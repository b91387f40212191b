import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { StackTemplate } from '../core/posture/assembly'
import { readAssembly, type SynthesizedStack } from '../emulator/assembly'
import { ENVIRONMENTS } from '../policy'

const OUT = join(__dirname, '..', 'cdk.out')

/** Every stack of every environment as it was synthesized last. Throws with the command where one was not. */
export function synthesizedStacks(): SynthesizedStack[] {
  return ENVIRONMENTS.flatMap((environment) => {
    const folder = join(OUT, environment)
    if (!existsSync(join(folder, 'manifest.json')))
      throw new Error(
        `${environment} is not synthesized; run npx cdk synth --quiet --output cdk.out/${environment} -c environment=${environment}`,
      )
    return readAssembly(folder)
  })
}

/** The same, as the posture of the stacks is judged. */
export const stackTemplates = (): StackTemplate[] =>
  synthesizedStacks().map(({ name, region, template }) => ({
    stack: name,
    region,
    // Attributes beside Type and Properties are strings, as the CDK writes them.
    resources: template.Resources as StackTemplate['resources'],
  }))

import { existsSync } from 'node:fs'
import { join } from 'node:path'
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

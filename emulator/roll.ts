import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Every Node and every Python that nothing lets off this machine writes its name here when it starts, so that a run can tell
 * whom it really held back.
 */
export const rollIn = (folder: string): string => join(folder, 'loopback-roll')

/** Throws where one of these, such as `node <function>` or `python moto_server`, started without the guard, or never. */
export async function requireHeldBack(folder: string, programs: readonly string[]): Promise<void> {
  const held = new Set((await readFile(rollIn(folder), 'utf8')).split('\n'))
  const free = programs.filter((program) => !held.has(program))
  if (free.length > 0)
    throw new Error(
      `nothing shows that these could not leave this machine: ${free.join(', ')}; see emulator/loopback.ts`,
    )
}

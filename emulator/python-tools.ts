import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../core/user-error'

const run = promisify(execFile)
const REQUIREMENTS = join(__dirname, 'requirements.txt')
/** Everything of the emulators that is not source; ignored by Git. */
export const EMULATOR_FOLDER = join(__dirname, '..', '.emulator')

export type PythonTool = 'ministack' | 'moto_server' | 'cfn-lint'

/**
 * Path of a Python program of `requirements.txt`, which is installed with its exact hashes into a virtual environment of
 * this checkout on first use (about half a minute and 340 MB). Throws UserError where Python is missing or PyPI is not
 * reached.
 */
export async function pythonTool(name: PythonTool): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12)
  const folder = join(EMULATOR_FOLDER, `python-${digest}`)
  // Written last, so that an interrupted installation is begun again.
  const complete = join(folder, 'complete')
  if (!existsSync(complete)) {
    await rm(folder, { recursive: true, force: true })
    await mkdir(EMULATOR_FOLDER, { recursive: true })
    await install(folder)
    await writeFile(complete, '')
  }
  return join(folder, 'bin', name)
}

async function install(folder: string): Promise<void> {
  const pip = join(folder, 'bin', 'pip')
  try {
    await run('python3', ['-m', 'venv', folder])
    await run(pip, ['install', '--quiet', '--require-hashes', '--no-deps', '--requirement', REQUIREMENTS])
  } catch (error) {
    throw new UserError(
      'PYTHON_TOOLS_MISSING',
      `the emulators could not be installed: ${error instanceof Error ? error.message : String(error)}`,
      'install Python 3.11 or newer with venv, and let pip reach PyPI or its mirror once',
      { cause: error },
    )
  }
}

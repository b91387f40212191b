import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PolicyError } from '../core/policy'
import { valueAt } from '../core/policy/at-path'
import { UserError } from '../core/user-error'
import { parsePresetChoice, type PresetChoice } from '../policy'

const ROOT = join(__dirname, '..')

/**
 * The choice in a JSON file; undefined where none is named: the policy holds as it is written. Throws UserError for what is
 * no file, and for a file that is missing, broken or says something else.
 */
export function readPreset(file: unknown): PresetChoice | undefined {
  if (file === undefined) return undefined
  if (typeof file !== 'string')
    throw new UserError(
      'PRESET_REFUSED',
      `the preset is ${JSON.stringify(file)}, and not the path of a file`,
      'name a JSON file',
    )
  try {
    return parsePresetChoice(readJson(file))
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    const message = error.message.replace('the policy has', `the preset in '${file}' has`)
    throw new UserError('PRESET_REFUSED', message, `change ${file}`, { cause: error })
  }
}

/**
 * The choice in force: of the file given, else of the one that cdk.json names as its context `preset`, which is where
 * synthesis finds it too.
 */
export function presetInForce(file?: string): PresetChoice | undefined {
  if (file !== undefined) return readPreset(file)
  const committed = valueAt(readJson(join(ROOT, 'cdk.json')), ['context', 'preset'])
  return readPreset(typeof committed === 'string' ? resolve(ROOT, committed) : committed)
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UserError('PRESET_UNREADABLE', `cannot read '${file}': ${why}`, 'name a JSON file that exists', {
      cause: error,
    })
  }
}

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { changeRecordSchema, type ChangeRecord } from '../core/posture/change-record'
import { UserError } from '../core/user-error'
import { readPolicy } from '../policy'

/** The one folder of approved change records; those of the gate in CI are read from nowhere else. */
export const CHANGE_RECORDS = join(__dirname, '..', 'changes')

/** Every change record of a folder. Throws UserError for one that is refused. */
export async function readChangeRecords(folder: string = CHANGE_RECORDS): Promise<ChangeRecord[]> {
  const names = await readdir(folder).catch(() => [])
  return Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .map((name) => readChangeRecord(join(folder, name))),
  )
}

/** One change record. Throws UserError where it cannot be read, is none, or names an owner whom the policy does not know. */
export async function readChangeRecord(file: string): Promise<ChangeRecord> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError(
      'RECORD_UNREADABLE',
      `the change record '${file}' cannot be read`,
      'give the path of a JSON file',
      { cause },
    )
  })
  const record = parseChangeRecord(text, file)
  const problems = ownerProblems(record)
  if (problems.length > 0) throw refusal(file, problems)
  return record
}

/** One change record by its text, whoever owns it. Throws UserError where it is none. */
export function parseChangeRecord(text: string, called: string): ChangeRecord {
  const parsed = changeRecordSchema.safeParse(parsedJson(text))
  if (parsed.success) return parsed.data
  throw refusal(
    called,
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'record'}: ${message}`),
  )
}

const refusal = (called: string, problems: readonly string[]): UserError =>
  new UserError('RECORD_REFUSED', `the change record '${called}' is refused: ${problems.join('; ')}`, 'correct it')

function ownerProblems({ owner, environment }: ChangeRecord): string[] {
  const roles = readPolicy(environment).contacts.primary.map(({ role }) => role)
  return roles.includes(owner) ? [] : [`owner: one of ${roles.join(', ')}, got '${owner}'`]
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import { sqlState } from '../connect'

/** What answers that a table cannot be read, by class of SQLSTATE; any other answer is about the session or the server. */
const ABOUT_THE_TABLE = [
  '22', // a value that its own type cannot write
  '40', // a replica that had to replay what the snapshot still saw
  '42', // no privilege, rows hidden by a policy, dropped meanwhile
  '55', // somebody holds it
  'XX', // damaged
]

/** The code where an error says that this table cannot be read. */
export function unreadableBy(error: unknown): string | undefined {
  const state = sqlState(error)
  return state !== undefined && ABOUT_THE_TABLE.includes(state.slice(0, 2)) ? state : undefined
}

/**
 * Settings that change how a value or a definition is written as text, pinned so that two servers agree; rows that a policy
 * hides from the role are an error instead of rows that are not there; limits that are meant for applications do not end
 * the reading of a large table.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  row_security: 'off',
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'iso_8601',
  extra_float_digits: '1',
  bytea_output: 'hex',
  lc_monetary: 'C',
  quote_all_identifiers: 'off',
  search_path: 'pg_catalog, pg_temp',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  jit: 'off',
}

/** Statements that pin them for the transaction. */
export const PINNED = Object.entries(SETTINGS)
  .map(([name, value]) => `set local ${name} = ${name === 'search_path' ? value : `'${value}'`}`)
  .join('; ')

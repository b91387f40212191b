import { contentAnswer, contentRequest } from '../../adapters/aws/wire'
import { besideDatabases } from '../contract'

export const input = contentRequest
export const output = contentAnswer

/**
 * Reads a database of its region for a comparison: hashes, counts and places of rows, whatever the other side is. It asks nobody
 * else, so that it stands in the isolated subnets.
 */
export const contract = besideDatabases({
  name: 'content-reader',
  // Lambda's longest; a piece is planned for a third of it.
  timeoutSeconds: 900,
  // As many as the policy lets read at once, and one that looks again at rows that differed.
  concurrency: 4,
})

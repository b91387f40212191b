import { spawn } from 'node:child_process'
import { createGzip } from 'node:zlib'
import { PortError } from '../../core/ports/errors'
import { endOf } from '../postgres/client-program'

/** Compressed as fast as it goes: what is packed are files of a database, full of zeros. */
const LEVEL = 1

/**
 * GNU tar ends so where something came, went or changed while it read, and all else is packed:
 * https://www.gnu.org/software/tar/manual/html_section/Synopsis.html
 */
const CHANGED = 1

export interface Packing {
  readonly entries?: readonly string[]
  /** Whether files may come and go meanwhile, each of them whole: what is packed is then each file as it stood at some moment. */
  readonly mayChange?: boolean
}

/** A folder, or some of its entries, as one compressed tar. Ends with PortError where a file could not be read. */
export async function* packed(
  folder: string,
  { entries = ['.'], mayChange = false }: Packing = {},
): AsyncIterable<Uint8Array> {
  const packing = spawn('tar', ['--create', '--directory', folder, '--', ...entries], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = endOf(packing)
  try {
    yield* packing.stdout.pipe(createGzip({ level: LEVEL })) as AsyncIterable<Uint8Array>
    const how = await ended
    if (how !== 0 && !(mayChange && how === CHANGED))
      throw new PortError('conflict', 'PACKING_FAILED', `tar ended with ${how}; look into '${folder}'`)
  } finally {
    packing.kill('SIGTERM')
  }
}

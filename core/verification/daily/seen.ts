import { isPortError } from '../../ports/errors'

/** What a look came to, or why there was none. What nobody saw is never a pass. */
export type Seen<T> = { readonly seen: true; readonly value: T } | { readonly seen: false; readonly code: string }

/** Looks; a port that could not answer is something unseen, and only our own mistakes are thrown. */
export async function look<T>(ask: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { seen: true, value: await ask() }
  } catch (error) {
    if (!isPortError(error)) throw error
    return { seen: false, code: error.code }
  }
}

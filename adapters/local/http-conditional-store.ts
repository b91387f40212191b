import type { Json } from '../../core/json'
import type { ConditionalStore, Stored } from '../../core/ports/conditional-store'
import { PortError } from '../../core/ports/errors'

/** ConditionalStore over the store server of a place, reached through a path that may be cut. */
export function httpConditionalStore(port: number, deadlineMs: number): ConditionalStore {
  const call = async (
    path: string,
    init: RequestInit = {},
  ): Promise<{ status: number; text: string; version: string }> => {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/${path}`, {
        ...init,
        signal: AbortSignal.timeout(deadlineMs),
      })
      const text = await response.text()
      if (response.status >= 500) throw new Error(`status ${response.status}: ${text}`)
      return { status: response.status, text, version: response.headers.get('etag') ?? '' }
    } catch (error) {
      throw new PortError(
        'unreachable',
        'STORE_UNREACHABLE',
        `the coordination store on port ${port} did not answer within ${deadlineMs} ms`,
        { cause: error },
      )
    }
  }
  const put = (key: string, value: Json, headers: Record<string, string>) =>
    call(encodeURIComponent(key), { method: 'PUT', headers, body: JSON.stringify(value) })

  return {
    get: async (key) => {
      const { status, text, version } = await call(encodeURIComponent(key))
      return status === 404 ? undefined : { key, value: JSON.parse(text) as Json, version }
    },
    create: async (key, value) =>
      (await put(key, value, { 'if-none-match': '*' })).status === 412 ? 'exists' : 'created',
    replace: async (key, value, version) =>
      (await put(key, value, { 'if-match': version })).status === 412 ? 'stale' : 'replaced',
    list: async function* (prefix): AsyncGenerator<Stored> {
      for (let after = ''; ;) {
        const { text } = await call(`?prefix=${encodeURIComponent(prefix)}&after=${encodeURIComponent(after)}`)
        const page = JSON.parse(text) as { key: string; text: string; version: string }[]
        for (const { key, text: value, version } of page) yield { key, value: JSON.parse(value) as Json, version }
        if (page.length === 0) return
        after = page.at(-1)!.key
      }
    },
  }
}

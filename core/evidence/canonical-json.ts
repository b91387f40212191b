/**
 * One text per value, so that a hash means something: the JSON Canonicalization Scheme (RFC 8785) for our values.
 * Keys stand in UTF-16 order, numbers as ECMAScript prints them, no white space. Throws TypeError, with the path,
 * for what JSON cannot carry (undefined, NaN, infinities, lone surrogates, instances of classes).
 */
export const canonicalJson = (value: unknown): string => write(value, '$')

function write(value: unknown, path: string): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return writeString(value, path)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refused(path, String(value))
    return JSON.stringify(value) // ECMAScript's own printing is RFC 8785's; it also turns -0 into 0
  }
  if (Array.isArray(value)) return `[${Array.from(value, (item, at) => write(item, `${path}[${at}]`)).join(',')}]`
  if (typeof value === 'object' && isPlain(value)) {
    const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return `{${members.map(([key, item]) => `${writeString(key, path)}:${write(item, `${path}.${key}`)}`).join(',')}}`
  }
  throw refused(path, typeof value)
}

function writeString(text: string, path: string): string {
  if (/\p{Surrogate}/u.test(text)) throw refused(path, 'a lone surrogate')
  return JSON.stringify(text)
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const refused = (path: string, what: string): TypeError =>
  new TypeError(
    `canonical JSON cannot carry ${what} at ${path}; give a finite number, a string, a list or a plain object`,
  )

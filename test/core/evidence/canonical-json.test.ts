import { canonicalJson } from '../../../core/evidence'
import type { Json } from '../../../core/json'

describe('canonical JSON', () => {
  it('orders keys by UTF-16 code units at every depth, whatever order they were written in', () => {
    expect(canonicalJson({ b: 1, a: { d: [], c: null } })).toBe('{"a":{"c":null,"d":[]},"b":1}')
    // RFC 8785, section 3.2.3: the emoji's surrogates sort before U+FB33, and digits before letters
    const sorted = canonicalJson({
      '\u20ac': 1,
      '\r': 2,
      '\ufb33': 3,
      '1': 4,
      '\ud83d\ude00': 5,
      '\u0080': 6,
      '\u00f6': 7,
    })
    expect([...sorted.matchAll(/:(\d)/g)].map(([, value]) => value).join('')).toBe('2467153')
  })

  it('keeps the order of lists and leaves no white space', () => {
    expect(canonicalJson([3, ' ', { a: [true, false] }])).toBe('[3," ",{"a":[true,false]}]')
  })

  it.each([
    [-0, '0'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [0.1 + 0.2, '0.30000000000000004'],
    [9007199254740991, '9007199254740991'],
    [100, '100'],
    [4.5, '4.5'],
  ])('prints the number %p as ECMAScript does', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it('escapes only what must be escaped', () => {
    expect(canonicalJson('ação "\u000f\n\\/€😀')).toBe('"ação \\"\\u000f\\n\\\\/€😀"')
  })

  it.each([
    ['undefined', { a: undefined }, '$.a'],
    ['NaN', { a: [1, NaN] }, '$.a[1]'],
    ['Infinity', Infinity, '$'],
    ['a date', { at: new Date(0) }, '$.at'],
    ['a bigint', { n: 1n }, '$.n'],
    ['a function', [() => 1], '$[0]'],
    ['a hole in a list', [, 1], '$[0]'], // oxlint-disable-line no-sparse-arrays
    ['a lone surrogate', { a: '\ud800' }, '$.a'],
  ])('refuses %s and names where it stands', (_, value, path) => {
    expect(() => canonicalJson(value as unknown as Json)).toThrow(TypeError)
    expect(() => canonicalJson(value as unknown as Json)).toThrow(` at ${path};`)
  })
})

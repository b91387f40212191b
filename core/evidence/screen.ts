import type { EvidenceDraft } from '../ports/evidence-log'
import { PortError } from '../ports/errors'

/** Words beyond this read as prose, and prose may hold anything: evidence holds ids, counts, codes, durations, hashes. */
const MAX_WORDS = 6
/** Longer than any ARN or hash we write. */
const MAX_LENGTH = 256

interface Screen {
  readonly name: string
  readonly finds: (text: string) => boolean
}

const IDENTIFIERS: readonly Screen[] = [
  { name: 'an e-mail address', finds: (text) => /[^\s@]+@[^\s@]+\.[^\s@]{2,}/.test(text) },
  { name: 'a formatted CPF', finds: (text) => /\d{3}\.\d{3}\.\d{3}-\d{2}/.test(text) },
  { name: 'a CPF', finds: (text) => digitRuns(text, 11).some(isCpf) },
  {
    name: 'a national health card number',
    finds: (text) => digitRuns(text.replaceAll(/(?<=\d) (?=\d)/g, ''), 15).some(isCns),
  },
  { name: 'a phone number', finds: (text) => /(?:\+55|\(\d{2}\))\s?\d{0,2}\s?9?\d{4}-?\d{4}/.test(text) },
]

const PROSE: Screen = {
  name: 'free text',
  finds: (text) => text.length > MAX_LENGTH || text.trim().split(/\s+/).length > MAX_WORDS,
}

/**
 * Refuses a draft that looks as if it held personal data. A screen, not a proof: it knows identifiers and prose,
 * it cannot know a name. The error names the path and what was suspected, never the value.
 */
export const screenDraft = (draft: EvidenceDraft): void => screen(draft, 'draft', [...IDENTIFIERS, PROSE])

/** The same for what people write in words, of which evidence holds only the hash: it may be prose, and names nobody. */
export const screenWords = (words: object, path: string): void => screen(words, path, IDENTIFIERS)

function screen(value: object, root: string, screens: readonly Screen[]): void {
  for (const { path, text } of textsOf(value, root)) {
    const suspect = screens.find(({ finds }) => finds(text))
    if (suspect) {
      throw new PortError(
        'invalid',
        'EVIDENCE_PERSONAL_DATA',
        `evidence must not hold ${suspect.name}, as ${path} seems to; record an id, a count, a code or a hash`,
      )
    }
  }
}

function* textsOf(value: unknown, path: string): Generator<{ path: string; text: string }> {
  if (typeof value === 'string') yield { path, text: value }
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield { path: `a name in ${path}`, text: key }
      yield* textsOf(item, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`)
    }
  }
}

/** Runs of exactly `length` digits that are not part of a longer word, such as a hash. */
const digitRuns = (text: string, length: number): string[] =>
  [...text.matchAll(new RegExp(`(?<![0-9A-Za-z])\\d{${length}}(?![0-9A-Za-z])`, 'g'))].map(([run]) => run)

/** The two check digits of the Brazilian taxpayer number: one run of eleven digits in a hundred passes by chance. */
function isCpf(digits: string): boolean {
  if (/^(\d)\1*$/.test(digits)) return false
  const check = (length: number): number => {
    const sum = Array.from(digits.slice(0, length)).reduce(
      (total, digit, at) => total + Number(digit) * (length + 1 - at),
      0,
    )
    return ((sum * 10) % 11) % 10
  }
  return check(9) === Number(digits[9]) && check(10) === Number(digits[10])
}

/** The weighted sum of the Brazilian health card (CNS), which is a multiple of 11. */
const isCns = (digits: string): boolean =>
  /^[1-2789]/.test(digits) &&
  Array.from(digits).reduce((total, digit, at) => total + Number(digit) * (15 - at), 0) % 11 === 0

import type { Json } from '../json'
import type { JudgedWeakening, Overstayed } from './change-record'

/** What came of comparing two postures. */
export interface PostureVerdict {
  readonly judged: readonly JudgedWeakening[]
  readonly overstayed: readonly Overstayed[]
}

/** Weakenings that nothing covers. */
export const openOf = ({ judged }: PostureVerdict): readonly JudgedWeakening[] =>
  judged.filter(({ coveredBy }) => coveredBy === undefined)

export const passes = (verdict: PostureVerdict): boolean =>
  openOf(verdict).length === 0 && verdict.overstayed.length === 0

function headline(verdict: PostureVerdict): string {
  const [open, all, over] = [openOf(verdict).length, verdict.judged.length, verdict.overstayed.length]
  const late = over === 0 ? '' : `; ${over} allowed by a record that holds no more`
  if (all === 0) return `protection is nowhere weaker${late}`
  return open === 0
    ? `${all} weaker, each covered by a change record${late}`
    : `${open} of ${all} weaker without a change record${late}`
}

/** Lines for a person, the verdict last. */
export const asText = (verdict: PostureVerdict): string =>
  [
    ...verdict.judged.map(
      ({ term, subject, path, words, before, after, coveredBy }) =>
        `${coveredBy === undefined ? 'WEAKER ' : 'covered'}  ${term}: ${words} of ${subject} (${path}): ${short(before)} -> ${short(after)}${coveredBy === undefined ? '' : ` [${coveredBy}]`}`,
    ),
    ...verdict.overstayed.map(
      ({ record, expires, subject, path }) =>
        `OVER     ${subject} (${path}): allowed until ${expires} [${record}], and still weaker with no record in force; restore it, or have a new record approved from what was there before to what is there now`,
    ),
    headline(verdict),
  ].join('\n')

/** A comment for a pull request. */
export const asMarkdown = (verdict: PostureVerdict, title = 'Recovery posture'): string =>
  [
    `### ${title}: ${headline(verdict)}`,
    ...tableOf(
      ['what', 'of', 'before', 'after', 'covered by'],
      verdict.judged.map(({ term, subject, path, words, before, after, coveredBy }) => [
        `${term}: ${words}`,
        `\`${subject}\` \`${path}\``,
        `\`${cell(before)}\``,
        `\`${cell(after)}\``,
        coveredBy ?? '**nothing**',
      ]),
    ),
    ...tableOf(
      ['allowed until', 'by', 'and still weaker'],
      verdict.overstayed.map(({ record, expires, subject, path }) => [expires, record, `\`${subject}\` \`${path}\``]),
    ),
  ].join('\n')

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length === 0 ? [] : ['', ...[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)]

const short = (value: Json): string => {
  if (value === null) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

const cell = (value: Json): string => short(value).replaceAll('|', '\\|').replaceAll('`', "'")

import { judgeRow, type Look, type Seen } from '../../../core/integrity/recheck'

const row = (version: string, hash: string): Seen => ({ version, hash })
const [OLD, NEW, BAD] = [row('1', 'old'), row('2', 'new'), row('1', 'bad')]
const look = (before: Seen, copy: Seen, after: Seen, settled = true): Look => ({ before, copy, after, settled })

test.each([
  ['what the source had before', [look(OLD, OLD, NEW)], 'same'],
  ['what the source has afterwards', [look(OLD, NEW, NEW)], 'same'],
  ['not there on either side', [look(undefined, undefined, undefined)], 'same'],
  ['not there any more', [look(OLD, undefined, undefined)], 'same'],
  ['another content, seen once', [look(OLD, BAD, OLD)], 'moving'],
  ['another content at two looks, and nothing under way', [look(OLD, BAD, OLD, false), look(OLD, BAD, OLD)], 'differs'],
  [
    'another content while something of the first look is under way',
    [look(OLD, BAD, OLD), look(OLD, BAD, OLD, false)],
    'moving',
  ],
  [
    'a row of the copy alone, at two looks',
    [look(undefined, BAD, undefined), look(undefined, BAD, undefined)],
    'differs',
  ],
  ['a row that the copy lacks, at two looks', [look(OLD, undefined, OLD), look(OLD, undefined, OLD)], 'differs'],
  [
    'a source that was there and back under another version',
    [look(OLD, BAD, OLD), look(row('3', 'old'), BAD, row('3', 'old'))],
    'moving',
  ],
  ['a source that changed between the looks', [look(OLD, BAD, NEW), look(NEW, BAD, NEW)], 'moving'],
  ['a copy that changed between the looks', [look(OLD, BAD, OLD), look(OLD, row('4', 'worse'), OLD)], 'moving'],
  ['what was found to be the same at last', [look(OLD, BAD, OLD), look(OLD, OLD, OLD)], 'same'],
  ['nothing seen', [], 'moving'],
] as const)('%s', (_, looks, judged) => {
  expect(judgeRow(looks)).toBe(judged)
})

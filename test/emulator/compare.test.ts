import { judge } from '../../emulator/read-back/compare'

it.each([
  ['the same text', 'postgres', 'postgres', 'kept'],
  ['a number told as text', 5432, '5432', 'kept'],
  ['another value', 35, 1, 'changed'],
  ['nothing', { Enabled: true }, undefined, 'dropped'],
  ['an empty text', 'alias/key', '', 'dropped'],
  ['an object without a value', { Rules: [1] }, { Rules: [] }, 'dropped'],
  ['off, which is a value', false, false, 'kept'],
  ['what is computed at deployment', { 'Fn::GetAtt': ['Key', 'Arn'] }, 'arn:aws:kms:eu-west-1:1:key/k', 'kept'],
  ['what is computed and missing', { Ref: 'Key' }, undefined, 'dropped'],
  ['a deep value that differs', { Rules: [{ Algorithm: 'aws:kms' }] }, { Rules: [{ Algorithm: 'AES256' }] }, 'changed'],
  ['more than was declared', ['a'], ['b', 'a'], 'kept'],
  ['less than was declared', ['a', 'b'], ['a'], 'changed'],
  ['other names for the same', [{ Key: 'a' }], [{ TagKey: 'a' }], 'kept'],
])('judges %s', (_, declared, told, expected) => {
  expect(judge('Property', declared, { Property: told })).toBe(expected)
})

it('says so where nobody looked', () => {
  expect(judge('Tags', [{ Key: 'a' }], {})).toBe('not looked at')
})

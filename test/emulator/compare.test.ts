import { judge } from '../../emulator/read-back/compare'

const found = (declared: Parameters<typeof judge>[1], told: unknown) =>
  judge('P', declared, { P: told }).map(({ path, finding }) => `${path} ${finding}`)

it.each([
  ['the same text', 'postgres', 'postgres', 'kept'],
  ['a number told as text', 5432, '5432', 'kept'],
  ['another value', 35, 1, 'changed'],
  ['an empty text', 'alias/key', '', 'dropped'],
  ['off, which is a value', false, false, 'kept'],
  ['zero, which is a value', 0, 0, 'kept'],
  ['on, told as off', true, false, 'changed'],
  ['what is computed at deployment', { 'Fn::GetAtt': ['Key', 'Arn'] }, 'arn:aws:kms:eu-west-1:1:key/k', 'kept'],
  ['what is computed and missing', { Ref: 'Key' }, undefined, 'dropped'],
  ['what is computed, told as an object', { Ref: 'Key' }, { Arn: 'arn' }, 'not compared'],
  ['text, told as a list', 'a', ['a'], 'not compared'],
  ['nothing, told as nothing', [], undefined, 'kept'],
])('judges a value: %s', (_, declared, told, expected) => {
  expect(found(declared, told)).toEqual([`P ${expected}`])
})

it.each([
  ['nothing told', { Enabled: true, Days: 1 }, undefined, ['P.Enabled dropped', 'P.Days dropped']],
  ['an object without a value', { Rules: [1] }, { Rules: [] }, ['P.Rules[] dropped']],
  [
    'a name that is not told',
    { Algorithm: 'aws:kms', KeyId: 'k' },
    { Algorithm: 'aws:kms' },
    ['P.Algorithm kept', 'P.KeyId dropped'],
  ],
  [
    'a deep value that differs',
    { Rules: [{ Algorithm: 'aws:kms' }] },
    { Rules: [{ Algorithm: 'AES256' }] },
    ['P.Rules[].Algorithm changed'],
  ],
  ['names with a small letter', { Level: 'ALL' }, { level: 'ALL' }, ['P.Level kept']],
  [
    'a name of the service that is known',
    [{ Key: 'a', Value: 'b' }],
    [{ TagKey: 'a', TagValue: 'c' }],
    ['P[].Key kept', 'P[].Value changed'],
  ],
  ['a name that nobody knows', [{ Key: 'a' }], [{ Label: 'a' }], ['P[].Key dropped']],
  ['an object, told as text', { a: 1, b: { c: 2 } }, '{"a":1}', ['P.a not compared', 'P.b.c not compared']],
  ['a list, told as an object', ['a'], { a: true }, ['P[] not compared']],
])('judges every value by its path: %s', (_, declared, told, expected) => {
  expect(found(declared, told)).toEqual(expected)
})

describe('a list', () => {
  it('may be told with more, and in another order', () => {
    expect(found(['a', 'c'], ['b', 'c', 'a'])).toEqual(['P[] kept', 'P[] kept'])
  })

  it('has each told item for one declared item alone', () => {
    expect(found(['a', 'a'], ['a'])).toEqual(['P[] kept', 'P[] dropped'])
    expect(found(['a', 'b'], ['a', 'c'])).toEqual(['P[] kept', 'P[] changed'])
  })

  it('gives no plain item away to a computed one', () => {
    expect(found([{ Ref: 'Subnet' }, 'subnet-1'], ['subnet-1', 'subnet-2'])).toEqual(['P[] kept', 'P[] kept'])
  })

  it('gives no richer item away to one that is content with less', () => {
    const [plain, bound] = [{ Effect: 'Allow' }, { Effect: 'Allow', Condition: { Bool: 'x' } }]
    expect(found([plain, bound], [bound, plain])).toEqual([
      'P[].Effect kept',
      'P[].Effect kept',
      'P[].Condition.Bool kept',
    ])
    expect(found([plain, bound], [plain, plain])).toContain('P[].Condition.Bool dropped')
  })
})

it('says so where nobody looked, for each value', () => {
  expect(judge('Tags', [{ Key: 'a', Value: 'b' }], {})).toEqual([
    { path: 'Tags', finding: 'not looked at' },
    { path: 'Tags', finding: 'not looked at' },
  ])
})

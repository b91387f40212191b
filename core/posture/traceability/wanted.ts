import { isJsonObject, type Json } from '../../json'
import type { Policy } from '../../policy'
import { textOf } from '../text-of'
import type { Wanted } from './trace'

type OfPolicy = (policy: Policy) => string | number | boolean

/** Exactly one value, whatever the policy says. */
export const is = (expected: string | number | boolean): Wanted => ({
  words: JSON.stringify(expected),
  test: (value) => value === expected,
})

/** A value of the policy, which alone says the procedure's numbers. */
export const asPolicy = (path: string, expected: OfPolicy): Wanted => ({
  words: `\`${path}\``,
  // CloudFormation takes some numbers as texts.
  test: (value, policy) => typeof value !== 'object' && `${value}` === `${expected(policy)}`,
})

/** At least so much as the policy says. */
export const atLeast = (path: string, expected: OfPolicy): Wanted => ({
  words: `at least \`${path}\``,
  test: (value, policy) => typeof value === 'number' && value >= Number(expected(policy)),
})

/** At most so much as the policy says. */
export const atMost = (path: string, expected: OfPolicy): Wanted => ({
  words: `at most \`${path}\``,
  test: (value, policy) => typeof value === 'number' && value <= Number(expected(policy)),
})

/** Actions by their names, none with a star. */
export const namedActions: Wanted = {
  words: 'actions by their names, without a star',
  test: (value) =>
    listOf(value).length > 0 &&
    listOf(value).every((action) => typeof action === 'string' && /^[a-z0-9-]+:\w+$/.test(action)),
}
const listOf = (value: Json): readonly Json[] => (Array.isArray(value) ? value : [value])

/** One of a few words. */
export const oneOf = (...expected: readonly string[]): Wanted => ({
  words: expected.map((word) => JSON.stringify(word)).join(' or '),
  test: (value) => typeof value === 'string' && expected.includes(value),
})

/** A runbook that has a step, by its name in the state machine. */
export const step = (name: string): Wanted => ({
  words: `a step '${name}'`,
  test: (value) => textOf(value).includes(`"${name}":{`),
})

/** A text in which something of the policy stands, such as the region in an ARN. */
export const holding = (path: string, expected: OfPolicy): Wanted => ({
  words: `a name with \`${path}\``,
  test: (value, policy) => typeof value === 'string' && value.includes(String(expected(policy))),
})

/** A name that ends as the policy says. */
export const endingWith = (words: string, expected: OfPolicy): Wanted => ({
  words: `the ${words}`,
  test: (value, policy) => typeof value === 'string' && value.endsWith(String(expected(policy))),
})

/** A reference to a resource of ours, or an ARN. */
export const reference: Wanted = {
  words: 'a reference',
  test: (value) =>
    isJsonObject(value) ? Object.keys(value).some(isFunction) : typeof value === 'string' && value.startsWith('arn:'),
}
const isFunction = (name: string): boolean => name === 'Ref' || name.startsWith('Fn::')

/** Somebody is told. */
export const somebody: Wanted = { words: 'somebody', test: (value) => Array.isArray(value) && value.length > 0 }

/** Customer key of KMS, not one of the service. */
export const customerKey: Wanted = {
  words: 'KMS with a key of ours',
  test: (value) => isJsonObject(value) && value['SSEAlgorithm'] === 'aws:kms' && value['KMSMasterKeyID'] !== undefined,
}

/** Events of a source, also in a pattern with more conditions. */
export const eventsOf = (source: string): Wanted => ({
  words: `events of ${source}`,
  test: (value) => Array.isArray(value) && value.includes(source),
})

import { requireKnownContractGaps, requireKnownGaps } from '../../emulator/known-gaps'
import type { ReadBack } from '../../emulator/read-back'

const VAULT = 'AWS::Backup::BackupVault'
const readBackOf = (...findings: ReadBack['findings']): ReadBack => ({
  resources: 1,
  properties: 2,
  kept: 2 - findings.length,
  declared: [`${VAULT}.LockConfiguration`, 'AWS::SNS::Topic.KmsMasterKeyId'],
  findings,
})
const lost = (type: string, property: string) => ({ type, property, finding: 'dropped' as const, count: 1, of: 1 })
const LOCK = lost(VAULT, 'LockConfiguration')

it('accepts what is listed and was lost', () => {
  expect(() => requireKnownGaps(readBackOf(LOCK), [`${VAULT}.LockConfiguration`])).not.toThrow()
})

it('fails when a gap closes', () => {
  expect(() => requireKnownGaps(readBackOf(), [`${VAULT}.LockConfiguration`])).toThrow(
    `MiniStack keeps ${VAULT}.LockConfiguration by now`,
  )
})

it('fails when one opens in what the recovery stands on', () => {
  expect(() => requireKnownGaps(readBackOf(LOCK), [])).toThrow(`did not keep ${VAULT}.LockConfiguration`)
})

it('reports others without failing, and expects nothing of what no template declares', () => {
  const topic = lost('AWS::SNS::Topic', 'KmsMasterKeyId')
  expect(() => requireKnownGaps(readBackOf(topic), ['AWS::EC2::VPC.CidrBlock'])).not.toThrow()
})

describe('contract tests', () => {
  const GAPS = { 'promotion: RDS of moto begins once': 'moto forgets' }
  const test = (fullName: string, status: string) => ({ fullName, status })

  it('give the known gaps back with their reason', () => {
    const ran = [test('promotion: RDS of moto begins once', 'failed'), test('signer signs', 'passed')]
    expect(requireKnownContractGaps(ran, GAPS)).toEqual(['promotion: RDS of moto begins once: moto forgets'])
  })

  it.each([
    ['a gap opens', [test('signer signs', 'failed')], 'contract tests fail that are no known gaps: signer signs'],
    ['a gap closes', [test('promotion: RDS of moto begins once', 'passed')], 'known gaps pass: promotion'],
    ['a test is skipped', [test('signer signs', 'pending')], 'no known gaps: signer signs'],
    ['none ran', [], 'no contract test ran'],
  ])('fail the run when %s', (_, ran, expected) => {
    expect(() => requireKnownContractGaps(ran, GAPS)).toThrow(expected)
  })
})

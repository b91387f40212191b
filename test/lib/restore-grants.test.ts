import { withRecoveryRegion } from '../../core/policy'
import { Names } from '../../lib/names'
import { resolvePolicy } from '../../policy'
import { Grants } from './grants'
import { synthesize } from './synth'

const policy = withRecoveryRegion(resolvePolicy('production'))
const names = new Names(policy)
const grants = new Grants(synthesize(policy), names.accountId)

const RESTORER = names.role('runbook-restore', 'primary')
const REMOVER = names.role('runbook-remove-copies', 'primary')
const instance = (name: string, role: 'primary' | 'recovery' = 'primary') => names.instanceArn(role, name)
const testCopy = instance('neonpro-production-db-test-1')
const next = instance(names.nextDatabase())
const serving = instance(names.database(1))
const asked = { 'aws:RequestTag/recovery:restore': 'run-1/restore-beside' }
const marked = { 'aws:ResourceTag/recovery:restore': 'run-1/restore-beside' }

const restore = (resource: string, context: object = asked) =>
  grants.verdictFor(RESTORER, { action: 'rds:RestoreDBInstanceToPointInTime', resource, context: { ...context } })
const remove = (resource: string, context: object = marked) =>
  grants.verdictFor(REMOVER, { action: 'rds:DeleteDBInstance', resource, context: { ...context } })

describe('what restores', () => {
  it('makes the next database and test copies out of what is declared in its region, and marks what it makes', () => {
    for (const resource of [serving, next, testCopy]) expect(restore(resource)).toBe('allow')
    for (const resource of [next, testCopy]) expect(restore(resource, {})).toBe('none')
  })

  it('makes nothing under another name, and nothing abroad', () => {
    for (const resource of [instance('neonpro-production-db-g9'), instance('neonpro-production-db-test-1', 'recovery')])
      expect(restore(resource)).toBe('none')
  })

  it('can neither remove, change nor promote anything, nor log in anywhere', () => {
    const calls = [
      'rds:DeleteDBInstance',
      'rds:ModifyDBInstance',
      'rds:PromoteReadReplica',
      'rds:RebootDBInstance',
      'rds-db:connect',
    ]
    for (const action of calls) {
      for (const resource of [serving, next, testCopy])
        expect(grants.verdictFor(RESTORER, { action, resource, context: { ...marked, ...asked } })).toBe('none')
    }
  })

  it('uses the key of the database for the grants of RDS alone', () => {
    const { arn } = grants
      .keys()
      .find(
        ({ aliases, region }) => aliases.includes(names.keyAlias('database')) && region === names.region('primary'),
      )!
    const grant = (context: Record<string, string>) =>
      grants.verdictFor(RESTORER, { action: 'kms:CreateGrant', resource: arn, context })
    expect(grant({ 'kms:GrantIsForAWSResource': 'true' })).toBe('allow')
    expect(grant({})).toBe('none')
    expect(grants.verdictFor(RESTORER, { action: 'kms:Decrypt', resource: arn })).toBe('none')
  })
})

describe('what removes copies', () => {
  it('removes test copies that a restore has marked, and nothing else', () => {
    expect(remove(testCopy)).toBe('allow')
    expect(remove(testCopy, {})).toBe('none')
    for (const resource of [serving, next, instance('neonpro-production-db-test-1', 'recovery')])
      expect(remove(resource)).toBe('none')
  })

  it('is the only one of ours that may delete a database', () => {
    const holders = grants
      .holders()
      .filter(({ statements }) => JSON.stringify(statements).includes('"rds:DeleteDBInstance"'))
      .map(({ role }) => role)
    expect(new Set(holders)).toEqual(
      new Set(['primary', 'recovery'].map((role) => names.role('runbook-remove-copies', role as 'primary'))),
    )
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VARIABLE } from '../../adapters/aws/environment'
import { contentHash } from '../../core/evidence'
import type { Json } from '../../core/json'
import type { Policy } from '../../core/policy'
import { resolvePolicy } from '../../policy'

/** The environment a stack would give a function, with the policy layer in a folder of its own. */
export function functionEnvironment(name: Policy['environment'] = 'test'): {
  readonly variables: Record<string, string>
  remove(): void
} {
  const folder = mkdtempSync(join(tmpdir(), 'neonpro-function-'))
  const policy = JSON.parse(JSON.stringify(resolvePolicy(name))) as Json
  const file = join(folder, 'policy.json')
  writeFileSync(file, JSON.stringify(policy))
  const authorities = join(folder, 'authorities.pem')
  writeFileSync(authorities, 'no certificate')
  return {
    variables: {
      AWS_REGION: 'eu-west-1',
      [VARIABLE.policyPath]: file,
      [VARIABLE.policyHash]: contentHash(policy),
      [VARIABLE.recoveryTable]: 'coordination',
      [VARIABLE.witnessTable]: 'coordination',
      [VARIABLE.coordinationReader]: 'coordination-reader',
      [VARIABLE.journalRelay]: 'journal-relay',
      [VARIABLE.fence]: 'fence',
      [VARIABLE.recoveryProbe]: 'probe',
      [VARIABLE.witnessProbe]: 'probe',
      [VARIABLE.replicaObserver]: 'replica-observer',
      [VARIABLE.databases]: 'db-g2=127.0.0.1:1',
      [VARIABLE.databaseSecurityGroup]: 'sg-databases',
      [VARIABLE.testCopySecurityGroup]: 'sg-copies',
      [VARIABLE.momentReader]: 'moment-reader',
      [VARIABLE.contentReader]: 'content-reader',
      [VARIABLE.closedSecurityGroup]: 'sg-closed',
      [VARIABLE.containment]: 'containment',
      [VARIABLE.loginSecrets]: 'clinic_app=neonpro-test/login-clinic-app',
      [VARIABLE.copyOwnerSecret]: 'neonpro-test/database-owner-g1',
      [VARIABLE.snapshotVault]: 'neonpro-test-snapshots',
      [VARIABLE.backupRole]: 'arn:aws:iam::333344445555:role/backup-database',
      [VARIABLE.forensicsBucket]: 'archive-phi',
      [VARIABLE.databaseInstance]: 'db-g2',
      [VARIABLE.databaseHost]: '127.0.0.1',
      // Nothing listens there, so that a database is down in every test that does not bring its own.
      [VARIABLE.databasePort]: '1',
      [VARIABLE.databaseAuthorities]: authorities,
      [VARIABLE.databaseKey]: 'alias/database',
      [VARIABLE.copyKeys]:
        'arn:aws:kms:eu-west-1:333344445555:key/database,arn:aws:kms:eu-west-1:333344445555:key/backup',
      [VARIABLE.readinessDatabase]: 'readiness-database',
      [VARIABLE.databaseOwnerSecret]: 'neonpro-test/database-owner-g1',
      [VARIABLE.restoreTestPlans]: 'neonpro_test_restore_test,neonpro_test_moment_test',
      [VARIABLE.evidenceBucket]: 'evidence',
      [VARIABLE.evidenceKey]: 'alias/checkpoint',
      [VARIABLE.codeBucket]: 'code',
      [VARIABLE.codeSigningKey]: 'alias/code-signing',
      [VARIABLE.configurationKey]: 'alias/configuration',
      [VARIABLE.configurationSecrets]: 'application',
      [VARIABLE.replicatedSecrets]: 'application',
      [VARIABLE.configurationBuckets]: 'configuration-primary,configuration-recovery',
      [VARIABLE.archiveBuckets]: 'phi=archive-phi,pii=archive-pii,financial=archive-financial',
      [VARIABLE.archiveStaging]: 'archive-staging',
      [VARIABLE.archiveExportRole]: 'arn:aws:iam::333344445555:role/snapshot-export',
      [VARIABLE.archiveKey]: 'arn:aws:kms:eu-west-1:333344445555:key/archive',
      [VARIABLE.servingInstance]: 'db-g2',
      [VARIABLE.recoverySwitchBucket]: 'switch-recovery',
      [VARIABLE.witnessSwitchBucket]: 'switch-witness',
      [VARIABLE.topics]: ['level-1', 'level-2', 'level-3', 'level-4', 'owner-devops-lead']
        .map((audience) => `${audience}=arn:aws:sns:eu-west-1:1:${audience}`)
        .join(','),
      [VARIABLE.runbookMachines]: 'region-failover@eu-west-1=arn:aws:states:eu-west-1:1:stateMachine:region-failover',
      [VARIABLE.primaryInstance]: 'db-g1',
      [VARIABLE.replicaInstance]: 'db-g2',
      [VARIABLE.rebuiltInstance]: 'none',
      [VARIABLE.primaryHealthUrl]: 'http://127.0.0.1:1/health',
      [VARIABLE.servedHealthUrl]: 'http://127.0.0.1:1/health',
      [VARIABLE.healthDatabase]: 'health-database',
      [VARIABLE.ownFunctions]: 'guard,desk',
      [VARIABLE.ownQueues]: 'neonpro-test-runbooks-dead-letters',
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

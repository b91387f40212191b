import { Match } from 'aws-cdk-lib/assertions'
import { CrossRegionReplica } from '../../../lib/constructs/cross-region-replica'
import { instanceProps, KEY_ARN } from '../imported'
import { synthOne } from '../synth'

const SOURCE = 'arn:aws:rds:sa-east-1:111122223333:db:db-g1'
const template = synthOne(
  (scope) =>
    new CrossRegionReplica(scope, 'Replica', {
      ...instanceProps(scope),
      instanceIdentifier: 'db-g2',
      sourceArn: SOURCE,
      sourceRegion: 'sa-east-1',
      multiAz: true,
    }),
)

test('follows its source by ARN and keeps the region of the source, without which it would be replaced one day', () => {
  template.hasResourceProperties('AWS::RDS::DBInstance', {
    SourceDBInstanceIdentifier: SOURCE,
    SourceRegion: 'sa-east-1',
  })
})

test('is encrypted with a key of its own region, and takes encryption itself from its source', () => {
  template.hasResourceProperties('AWS::RDS::DBInstance', { KmsKeyId: KEY_ARN, StorageEncrypted: Match.absent() })
})

test('has the settings of a primary, since those of a default group would lose TLS and audit', () => {
  const [group] = Object.keys(template.findResources('AWS::RDS::DBParameterGroup'))
  template.hasResourceProperties('AWS::RDS::DBInstance', { DBParameterGroupName: { Ref: group } })
  template.hasResourceProperties('AWS::RDS::DBParameterGroup', {
    Parameters: Match.objectLike({ 'rds.force_ssl': '1', ssl_min_protocol_version: 'TLSv1.3' }),
  })
})

test('has a standby before it is promoted, not after', () => {
  template.hasResourceProperties('AWS::RDS::DBInstance', { MultiAZ: true })
})

test('is protected by itself, because CloudFormation ignores deletion policies of replicas', () => {
  template.hasResourceProperties('AWS::RDS::DBInstance', { DeletionProtection: true, DeleteAutomatedBackups: false })
})

test('states no retention of backups, which RDS refuses to replicas', () => {
  template.hasResourceProperties('AWS::RDS::DBInstance', { BackupRetentionPeriod: Match.absent() })
})

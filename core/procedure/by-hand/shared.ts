import { EPOCH_KEY } from '../../coordination/writer-epoch'
import type { StepsByHand } from './by-hand'

const epochKey = `'{"scope":{"S":"${EPOCH_KEY}"},"key":{"S":"${EPOCH_KEY}"}}'`
const readEpoch = (region: string) =>
  `aws dynamodb get-item --region "$${region}" --table-name "$COORDINATION_TABLE" --consistent-read --key ${epochKey}`

/** The epoch as the runbook stores it, for a holder; the oldest epoch that it carries on is the third argument. */
const epochItem = `epoch_item() { jq -nc --arg by "by-hand-$EPOCH" --arg holder "$1" --arg instance "$2" --argjson epoch "$EPOCH" --argjson continues "$3" --argjson back "$HANDS_BACK" '{scope:{S:"${EPOCH_KEY}"},key:{S:"${EPOCH_KEY}"},version:{S:$by},value:{S:({epoch:$epoch,holder:$holder,instance:$instance,raisedBy:$by,continues:$continues,handsBack:$back}|tojson)}}'; }`

/** Raises the epoch in one place on top of the version that was read there, as the runbook does. */
const raiseEpoch = (region: string, version: string, item: string) =>
  `aws dynamodb put-item --region "$${region}" --table-name "$COORDINATION_TABLE" --item "$(epoch_item ${item})" --condition-expression '#v = :read' --expression-attribute-names '{"#v":"version"}' --expression-attribute-values "{\\":read\\":{\\"S\\":\\"$${version}\\"}}"`

const CLAIM = '"$SUCCESSOR_REGION" "$SUCCESSOR" "$EPOCH"'
const HAND_BACK = '"$WRITER_REGION" "$WRITER" "$HANDS_BACK"'

/** Steps that every move of the right to write shares. */
export const SHARED: StepsByHand = {
  'claim-epoch': {
    commands: [
      readEpoch('RECOVERY_REGION'),
      readEpoch('WITNESS_REGION'),
      '# EPOCH: one more than the higher of the two. HANDS_BACK: what that one calls "continues". The versions: as read.',
      'export EPOCH=... HANDS_BACK=... RECOVERY_VERSION=... WITNESS_VERSION=...',
      epochItem,
      raiseEpoch('RECOVERY_REGION', 'RECOVERY_VERSION', CLAIM),
      raiseEpoch('WITNESS_REGION', 'WITNESS_VERSION', CLAIM),
      'date -u  # note it: the lease of the old writer is counted from here',
    ],
    wayBack: [
      '# Only while nothing was promoted or opened. EPOCH: one more than the higher of the two; HANDS_BACK stays as it is.',
      readEpoch('RECOVERY_REGION'),
      readEpoch('WITNESS_REGION'),
      'export EPOCH=... RECOVERY_VERSION=... WITNESS_VERSION=...',
      raiseEpoch('RECOVERY_REGION', 'RECOVERY_VERSION', HAND_BACK),
      raiseEpoch('WITNESS_REGION', 'WITNESS_VERSION', HAND_BACK),
      '# Once both places hold it, the guard of the old writer opens what was closed, within a minute.',
    ],
    goOnWhen:
      'both places hold the new epoch. Never lower it. If one place does not answer, only a proven fence or two people who attest let you go on.',
  },
  fence: {
    commands: [
      'aws lambda invoke --region "$WRITER_REGION" --function-name "$FENCE_FUNCTION" --cli-binary-format raw-in-base64-out --payload "{\\"instance\\":{\\"region\\":\\"$WRITER_REGION\\",\\"instance\\":\\"$WRITER\\"},\\"key\\":\\"by-hand/fence\\",\\"epoch\\":$EPOCH}" /dev/stdout',
    ],
    goOnWhen:
      'the answer says "fenced"; or lease and margin ($LEASE_SECONDS seconds) have passed since both places were raised; or two people, neither of whom started this, have attested in writing that the region is dark. Nothing else counts.',
  },
  confirm: {
    commands: [`sql "$SUCCESSOR_HOST" 'select heartbeat, heartbeat_at from recovery_guard.lease'`],
    goOnWhen: 'the newest heartbeat is older than the fence. A newer one means that something still writes: stop.',
  },
  promote: {
    commands: [
      'aws rds promote-read-replica --region "$SUCCESSOR_REGION" --db-instance-identifier "$SUCCESSOR" --backup-retention-period "$BACKUP_RETENTION_DAYS"',
      'aws rds wait db-instance-available --region "$SUCCESSOR_REGION" --db-instance-identifier "$SUCCESSOR"',
      `sql "$SUCCESSOR_HOST" 'select pg_is_in_recovery()'`,
      'aws rds add-tags-to-resource --region "$SUCCESSOR_REGION" --resource-name "arn:aws:rds:$SUCCESSOR_REGION:$ACCOUNT:db:$SUCCESSOR" --tags Key=recovery:backup-plan,Value=writer',
    ],
    goOnWhen: 'the instance is available and the last query answers f. From here on there is only forward.',
  },
  prove: {
    commands: [
      `sql "$SUCCESSOR_HOST" 'select recovery_guard.close_logins()'`,
      `sql "$SUCCESSOR_HOST" "insert into recovery_guard.proof (key) values ('by-hand-$EPOCH') on conflict do nothing"`,
      `sql "$SUCCESSOR_HOST" "select key, written_at from recovery_guard.proof where key = 'by-hand-$EPOCH'"`,
    ],
    goOnWhen: 'the second session reads the row. The applications are still kept out, which is meant.',
  },
  validate: {
    commands: [
      'npx recovery runbook show "$RUNBOOK" --json  # the checks are those of the step `validate`',
      `sql "$SUCCESSOR_HOST" 'select datname, checksum_failures from pg_stat_database where checksum_failures > 0'`,
      `sql "$SUCCESSOR_HOST" "select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam, lateral bt_index_check(c.oid) where a.amname = 'btree' and c.relnamespace = 'clinic'::regnamespace"`,
    ],
    goOnWhen:
      'no checksum has failed, every index is checked without an error, and counts and fingerprints equal the baseline. What could not be judged needs a second person.',
  },
  'replay-ledger': {
    commands: [
      'aws dynamodb query --region "$RECOVERY_REGION" --table-name "$COORDINATION_TABLE" --consistent-read --key-condition-expression "#s = :s" --expression-attribute-names \'{"#s":"scope"}\' --expression-attribute-values \'{":s":{"S":"erasure-ledger"}}\'',
      'aws dynamodb query --region "$WITNESS_REGION" --table-name "$COORDINATION_TABLE" --consistent-read --key-condition-expression "#s = :s" --expression-attribute-names \'{"#s":"scope"}\' --expression-attribute-values \'{":s":{"S":"erasure-ledger"}}\'',
      `sql "$SUCCESSOR_HOST" 'select max(sequence) from recovery_guard.replayed'`,
    ],
    goOnWhen:
      'both places hold the same chain and every entry that the database does not hold is applied, by the function or by a person for each. Without the whole ledger nothing opens.',
  },
  'settle-epoch': {
    commands: [
      readEpoch('RECOVERY_REGION'),
      readEpoch('WITNESS_REGION'),
      '# Only a place that still holds an older epoch is raised, with its version as read just now: one of the two, or none.',
      'export RECOVERY_VERSION=... WITNESS_VERSION=...',
      raiseEpoch('RECOVERY_REGION', 'RECOVERY_VERSION', CLAIM),
      raiseEpoch('WITNESS_REGION', 'WITNESS_VERSION', CLAIM),
    ],
    goOnWhen:
      'every place that answers holds $EPOCH. While one answers with an older epoch, do not open: the old writer may hear it. One that does not answer at all is noted as a risk of two writers.',
  },
  open: {
    commands: [
      `sql "$SUCCESSOR_HOST" "with granted as (update recovery_guard.lease set epoch = $EPOCH, ended_by = null, valid_until = clock_timestamp() + interval '5 minutes' where epoch <= $EPOCH and (ended_by is null or ended_by <= $EPOCH) returning epoch) select epoch, recovery_guard.reopen_logins() from granted"`,
      `sql "$SUCCESSOR_HOST" 'select epoch, valid_until, heartbeat_at from recovery_guard.lease'`,
    ],
    goOnWhen:
      'the first query answers one row, and the guard of the region renews the lease: valid_until moves on. No row means that the database knows a newer epoch: stop, and find out whose.',
  },
  'promote-secrets': {
    commands: [
      `aws secretsmanager list-secrets --region "$SUCCESSOR_REGION" --filters Key=primary-region,Values="$WRITER_REGION" --query 'SecretList[].Name' --output text | xargs -r -n 1 aws secretsmanager stop-replication-to-replica --region "$SUCCESSOR_REGION" --secret-id`,
      `aws secretsmanager list-secrets --region "$SUCCESSOR_REGION" --filters Key=primary-region,Values="$WRITER_REGION" --query 'length(SecretList)'`,
    ],
    goOnWhen:
      'the last command answers 0. The applications are in already: if Secrets Manager does not answer, go on, and repeat this before the first rotation. Note that the other region has old secrets from the first rotation on.',
  },
  'bring-up': {
    commands: ['npx recovery policy show --environment "$ENVIRONMENT" --json | jq .applicationTier'],
    goOnWhen: 'what the policy names there is started; do not wait for it.',
  },
  serve: {
    commands: [
      'for i in 1 2 3; do curl -sS -m 5 -o /dev/null -w "%{http_code}\\n" "$SERVED_HEALTH_URL"; sleep 10; done',
    ],
    goOnWhen: 'every answer is 200. Tell the clinics that the service is back, and what the report says was lost.',
  },
  report: {
    commands: ['npx recovery incident list --environment "$ENVIRONMENT" --target aws'],
    goOnWhen:
      'begin and end of every step, the proof of the fence and the judgement of the data are in the incident. People write no names of patients into it.',
  },
}

const switchObject = (bucket: string, region: string, put: boolean) =>
  put
    ? `printf '{"region":"%s","epoch":%s,"key":"by-hand"}' "$SUCCESSOR_REGION" "$EPOCH" | aws s3 cp - "s3://$${bucket}/traffic-in-recovery" --region "$${region}" --content-type application/json`
    : `aws s3 rm "s3://$${bucket}/traffic-in-recovery" --region "$${region}"`

/** The switch is an object in each of two places: there, traffic belongs to the recovery region; gone, to the primary one. */
export const switchTo = (region: 'recovery' | 'primary'): StepsByHand => ({
  'switch-traffic': {
    commands: [
      switchObject('RECOVERY_SWITCH_BUCKET', 'RECOVERY_REGION', region === 'recovery'),
      switchObject('WITNESS_SWITCH_BUCKET', 'WITNESS_REGION', region === 'recovery'),
      'dig +short "$SERVED_NAME" CNAME @"$(dig +short NS "$ZONE_NAME" | head -1)"',
    ],
    goOnWhen:
      'an authoritative server answers with the endpoint of the successor. Clients follow within $TTL_SECONDS seconds.',
  },
})

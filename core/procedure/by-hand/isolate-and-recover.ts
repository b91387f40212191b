import type { StepsByHand } from './by-hand'
import { POINT_IN_TIME_RECOVERY } from './point-in-time-recovery'
import { closedGroup, restoring } from './restoring'
import { SHARED } from './shared'

const {
  'claim-epoch': claim,
  fence,
  prove,
  validate,
  'replay-ledger': ledger,
  'settle-epoch': settle,
  open,
  'bring-up': up,
  serve,
  report,
} = SHARED
const { confirm, 'switch-traffic': switchTraffic, 'list-later-writes': laterWrites } = POINT_IN_TIME_RECOVERY

const loginRoles = `sql "$WRITER_HOST" "select rolname, rolsuper, rolcanlogin from pg_roles where rolname !~ '^pg_' and rolname not in ($AWS_ROLES) order by 1"`

export const ISOLATE_AND_RECOVER: StepsByHand = {
  decide: {
    commands: [
      'npx recovery incident list --environment "$ENVIRONMENT" --target aws',
      `sql "$WRITER_HOST" 'select relname, n_live_tup, n_tup_upd, n_tup_del from pg_stat_user_tables order by n_tup_del + n_tup_upd desc limit 10'`,
    ],
    goOnWhen:
      'two independent findings say that somebody is inside, or a second person agrees. Note the time: the term of the notice to the ANPD runs from it.',
  },
  'claim-epoch': {
    goOnWhen: claim!.goOnWhen,
    commands: [
      'export COPY=...  # the name of the next generation; it is made later',
      'export SUCCESSOR="$COPY"',
      ...claim!.commands,
    ],
  },
  fence: fence!,
  confirm: confirm!,
  isolate: {
    commands: [
      closedGroup,
      'aws rds modify-db-instance --region "$WRITER_REGION" --db-instance-identifier "$WRITER" --vpc-security-group-ids "$CLOSED_SECURITY_GROUP" --apply-immediately',
      `sql "$WRITER_HOST" "select count(pg_terminate_backend(a.pid)) from pg_stat_activity a join pg_roles r on r.rolname = a.usename where a.usename <> 'recovery_fence' and a.usename not in ($AWS_ROLES) and not r.rolsuper"`,
      `sql "$WRITER_HOST" "select usename, client_addr, backend_type from pg_stat_activity where usename <> 'recovery_fence' and usename not in ($AWS_ROLES)"`,
    ],
    goOnWhen:
      'the last query answers nothing; a session of a superuser, which RDS lets nobody be, cannot be ended from here. Do not stop or delete the instance: what it holds is evidence.',
  },
  revoke: {
    commands: [
      loginRoles,
      `sql "$WRITER_HOST" 'alter role "<role>" nologin password null'  # for each of them but recovery_fence`,
      'aws iam put-role-policy --role-name "<role>" --policy-name deny-sessions-before-now --policy-document "{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[{\\"Effect\\":\\"Deny\\",\\"Action\\":\\"*\\",\\"Resource\\":\\"*\\",\\"Condition\\":{\\"DateLessThan\\":{\\"aws:TokenIssueTime\\":\\"$(date -u +%FT%TZ)\\"}}}]}"  # for each role whose session may be stolen',
    ],
    goOnWhen: 'no role but recovery_fence has a login, and an old credential that you try is refused.',
  },
  preserve: {
    commands: [
      'export INCIDENT=...  # as the list of incidents names it',
      'aws rds create-db-snapshot --region "$WRITER_REGION" --db-instance-identifier "$WRITER" --db-snapshot-identifier "forensic-$INCIDENT" --tags Key=recovery:hold,Value=forensic',
      'aws rds describe-db-log-files --region "$WRITER_REGION" --db-instance-identifier "$WRITER" --query "DescribeDBLogFiles[].LogFileName" --output text | tr "\\t" "\\n" | while read -r file; do aws rds download-db-log-file-portion --region "$WRITER_REGION" --db-instance-identifier "$WRITER" --log-file-name "$file" --starting-token 0 --output text > "$(basename "$file")"; done',
      'sha256sum postgresql.log.*  # the manifest, into the incident',
      'sha256sum postgresql.log.* | sha256sum  # and its own hash',
    ],
    goOnWhen:
      'the snapshot has begun and the hash of the manifest of the logs is in the incident. The recovery does not wait for its end: the instance stays.',
  },
  ...restoring('find-clean-point', 'kept'),
  prove: prove!,
  'switch-traffic': { commands: switchTraffic!.commands, goOnWhen: switchTraffic!.goOnWhen },
  validate: validate!,
  rotate: {
    commands: [
      `sql "$SUCCESSOR_HOST" "select rolname from pg_roles where rolname !~ '^pg_' and rolname not in ($AWS_ROLES) and rolname <> 'recovery_fence' and (rolcanlogin or rolname in (select name from recovery_guard.closed_login where opened_at is null))"`,
      '# For each of them: psql "host=$SUCCESSOR_HOST ..." and \\password <role>, which sends no password in clear; then its secret.',
      'aws secretsmanager list-secrets --region "$SUCCESSOR_REGION" --query "SecretList[].Name"',
      'aws secretsmanager put-secret-value --region "$SUCCESSOR_REGION" --secret-id "<secret>" --secret-string file://secret.json',
    ],
    goOnWhen: 'every role has a new password and every application its new secret, and an old password is refused.',
  },
  'replay-ledger': ledger!,
  'list-later-writes': laterWrites!,
  harden: {
    commands: [
      'npx recovery policy show --environment "$ENVIRONMENT" --json | jq .incidentResponse.hardening',
      `sql "$SUCCESSOR_HOST" 'revoke create on schema public from public'`,
      'aws rds describe-db-parameters --region "$SUCCESSOR_REGION" --db-parameter-group-name "$(aws rds describe-db-instances --region "$SUCCESSOR_REGION" --db-instance-identifier "$SUCCESSOR" --query "DBInstances[0].DBParameterGroups[0].DBParameterGroupName" --output text)" --query "Parameters[?ParameterName==\'rds.force_ssl\' || ParameterName==\'password_encryption\'].[ParameterName,ParameterValue]"',
    ],
    goOnWhen: 'every measure that the policy names holds.',
  },
  scan: {
    commands: [
      `sql "$SUCCESSOR_HOST" "select rolname, rolsuper from pg_roles where rolname !~ '^pg_' and rolname not in ($AWS_ROLES)"`,
      `sql "$SUCCESSOR_HOST" "select tgname, tgrelid::regclass, tgfoid::regproc from pg_trigger where not tgisinternal"`,
      `sql "$SUCCESSOR_HOST" "select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'recovery_guard') and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')"`,
      `sql "$SUCCESSOR_HOST" 'select evtname from pg_event_trigger'`,
    ],
    goOnWhen: 'nothing is listed that nobody of the team put there. Otherwise the clean point lies earlier.',
  },
  'confirm-preserved': {
    commands: [
      'aws rds wait db-snapshot-available --region "$WRITER_REGION" --db-snapshot-identifier "forensic-$INCIDENT"',
      'aws rds describe-db-snapshots --region "$WRITER_REGION" --db-snapshot-identifier "forensic-$INCIDENT" --query "DBSnapshots[0].[DBSnapshotArn,Encrypted,SnapshotCreateTime]"',
    ],
    goOnWhen: 'the snapshot is available and encrypted, and its name is in the incident.',
  },
  'validate-compliance': {
    commands: [
      'npx recovery runbook show "$RUNBOOK" --json  # the controls are those of the step `validate-compliance`',
    ],
    goOnWhen:
      'every control holds, or a second person has accepted in writing the one that does not; and the day of the notice to the ANPD and the persons is in the incident.',
  },
  'bring-up': up!,
  'settle-epoch': settle!,
  open: open!,
  serve: serve!,
  report: report!,
}

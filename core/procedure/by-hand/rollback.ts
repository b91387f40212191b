import type { StepsByHand } from './by-hand'
import { SHARED } from './shared'

/** What is in force of each kind of component. */
const versions = [
  'aws cloudformation describe-stacks --region "$WRITER_REGION" --query "Stacks[].[StackName,StackStatus,Tags]"',
  'aws lambda get-alias --region "$WRITER_REGION" --function-name <function> --name <alias> --query FunctionVersion',
  'aws lambda invoke --region "$WRITER_REGION" --function-name <migrations> --cli-binary-format raw-in-base64-out --payload \'{"operation":"level"}\' /dev/stdout',
  'npx recovery configuration versions --target aws --environment "$ENVIRONMENT"',
  'export VERCEL_TOKEN="$(aws secretsmanager get-secret-value --region "$WRITER_REGION" --secret-id <token> --query SecretString --output text)"',
  'curl -sS "https://api.vercel.com/v6/deployments?projectId=<project>&target=production&limit=5" -H "Authorization: Bearer $VERCEL_TOKEN"',
]

const releases = (region: string) =>
  `aws dynamodb query --region "$${region}" --table-name "$COORDINATION_TABLE" --consistent-read --no-scan-index-forward --max-items 5 --key-condition-expression "#s = :s" --expression-attribute-names '{"#s":"scope"}' --expression-attribute-values '{":s":{"S":"releases"}}'`

const lease = '{"scope":{"S":"leases"},"key":{"S":"leases/rollback-\'"$ENVIRONMENT"\'"}}'

/** By hand each kind of component goes back by its own tool; the kinds are those of the policy. */
export const ROLLBACK: StepsByHand = {
  assess: {
    commands: [...versions, releases('RECOVERY_REGION')],
    goOnWhen:
      'each component has its version in force and that of the last healthy release beside it, each old version is still there, and no migration in between is without a way back.',
  },
  approve: {
    commands: [],
    goOnWhen:
      'a second person has said yes to the written plan; or the incident is declared critical, and the review has a day.',
  },
  lease: {
    commands: [
      `aws dynamodb get-item --region "$RECOVERY_REGION" --table-name "$COORDINATION_TABLE" --consistent-read --key '${lease}'`,
    ],
    goOnWhen:
      'nobody holds the lease, or its time is over and the run of its owner has ended; and what is in force is still what the plan says.',
  },
  position: {
    commands: [`sql "$SUCCESSOR_HOST" 'select pg_current_wal_lsn()'`, 'date -u'],
    goOnWhen: 'the position and the time are written down; the time alone, where the database does not answer.',
  },
  'recovery-point': {
    commands: ['npx recovery marker set before-rollback --target aws --environment "$ENVIRONMENT"'],
    goOnWhen: 'the marker is set, and its name is in the incident.',
  },
  'put-back': {
    commands: [
      'aws cloudformation create-change-set --region "$WRITER_REGION" --stack-name <stack> --change-set-name rollback --template-url <template>  # read what it replaces before you execute it',
      'aws cloudformation execute-change-set --region "$WRITER_REGION" --stack-name <stack> --change-set-name rollback',
      'npx recovery configuration restore <version> --target aws --environment "$ENVIRONMENT"',
      'aws lambda update-alias --region "$WRITER_REGION" --function-name <function> --name <alias> --function-version <version>',
      'printf %s <folder> | aws s3 cp - "s3://<bucket>/<pointer>" --region "$WRITER_REGION"',
      'curl -sS -X POST "https://api.vercel.com/v10/projects/<project>/promote/<deployment>" -H "Authorization: Bearer $VERCEL_TOKEN"',
      'aws lambda invoke --region "$WRITER_REGION" --function-name <migrations> --cli-binary-format raw-in-base64-out --payload \'{"operation":"to","level":"<level>","key":"by-hand"}\' /dev/stdout  # last of all',
    ],
    wayBack: ['# The same commands in the opposite order, with the versions that were in force: the schema first.'],
    goOnWhen: 'each component was seen to serve before the next one was touched, and the schema was the last.',
  },
  verify: {
    commands: ['curl -sSf "$SERVED_HEALTH_URL"', ...versions],
    goOnWhen:
      'every component serves, also those that stayed, and what is in force is what the plan says. Note the time.',
  },
  'list-set-aside': {
    commands: [
      'aws lambda invoke --region "$WRITER_REGION" --function-name <migrations> --cli-binary-format raw-in-base64-out --payload \'{"operation":"set-aside","key":"by-hand"}\' /dev/stdout',
    ],
    goOnWhen: 'the owners of the data have the tables with what was kept, and the lists of what was not.',
  },
  'record-release': {
    commands: ['npx recovery release record <tag> --target aws --environment "$ENVIRONMENT"'],
    goOnWhen: 'the newest release on record names the versions that are in force.',
  },
  validate: SHARED['validate']!,
  'validate-compliance': {
    commands: ['npx recovery compliance validate --target aws --environment "$ENVIRONMENT"'],
    goOnWhen:
      'what is broken was broken before the release too, or the data protection officer knows of it. Go on in either case.',
  },
  monitor: {
    commands: ['curl -sSf "$SERVED_HEALTH_URL"'],
    goOnWhen: 'nothing failed twice in a row for as long as the policy watches.',
  },
  report: SHARED['report']!,
}

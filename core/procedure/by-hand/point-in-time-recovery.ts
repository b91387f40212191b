import { restoring } from './restoring'
import { SHARED } from './shared'
import type { StepsByHand } from './by-hand'

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

/** The name of the copy is part of the key: the record of its region waits for it, and for no other one. */
const moved = (bucket: string, region: string): string =>
  `printf '{"region":"%s","instance":"%s","epoch":%s,"key":"by-hand"}' "$WRITER_REGION" "$COPY" "$EPOCH" | aws s3 cp - "s3://$${bucket}/traffic-in-$WRITER_REGION-at-$COPY" --region "$${region}" --content-type application/json`

export const POINT_IN_TIME_RECOVERY: StepsByHand = {
  'claim-epoch': {
    ...claim!,
    // The copy is not made yet, and is what the epoch names.
    commands: ['export SUCCESSOR="$COPY"', ...claim!.commands],
  },
  fence: fence!,
  prove: prove!,
  validate: validate!,
  'replay-ledger': ledger!,
  'settle-epoch': settle!,
  open: open!,
  'bring-up': up!,
  serve: serve!,
  report: report!,
  ...restoring('decide', 'kept'),
  confirm: {
    commands: [`sql "$WRITER_HOST" 'select heartbeat, heartbeat_at, ended_by from recovery_guard.lease'`],
    goOnWhen: 'the newest heartbeat is older than the fence. A newer one means that something still writes: stop.',
  },
  'switch-traffic': {
    commands: [
      moved('RECOVERY_SWITCH_BUCKET', 'RECOVERY_REGION'),
      moved('WITNESS_SWITCH_BUCKET', 'WITNESS_REGION'),
      'dig +short "$SERVED_NAME" CNAME @"$(dig +short NS "$ZONE_NAME" | head -1)"',
    ],
    goOnWhen:
      'an authoritative server answers with the endpoint of the copy. Clients follow within $TTL_SECONDS seconds.',
    wayBack: [
      '# The record as it was listed first, with the endpoint of the old database.',
      'aws route53 change-resource-record-sets --hosted-zone-id "$ZONE_ID" --change-batch file://record-before.json',
    ],
  },
  'list-later-writes': {
    commands: [
      `sql "$WRITER_HOST" "select id from clinic.records where pg_xact_commit_timestamp(xmin) >= '$TARGET'"`,
      '# What only the copy holds was deleted since.',
      `sql "$SUCCESSOR_HOST" 'select id from clinic.records' | sort > in-copy.txt`,
      `sql "$WRITER_HOST" 'select id from clinic.records' | sort > in-old.txt`,
      'comm -23 in-copy.txt in-old.txt',
    ],
    goOnWhen:
      'every table of the register is listed, with what was deleted apart, and the owners of the data have both lists.',
  },
}

import { randomBytes } from 'node:crypto'
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { kmsKeysOf, KmsDataKeys } from '../../../adapters/aws/kms-data-keys'
import { S3Backups, s3BackupsIn } from '../../../adapters/aws/s3-backups'
import { KeyWrapping } from '../../../adapters/local/key-wrapping'
import { describeBackupStore } from '../../contracts/backup-store'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const MEGABYTE = 1024 ** 2
const REGION = 'sa-east-1'

const store = () =>
  new S3Backups(new S3Client({ ...clientSettings(REGION), forcePathStyle: true }), {
    bucket: 'backups',
    prefix: 'clinic/',
    partBytes: 5 * MEGABYTE,
  })

describeBackupStore('S3', store)

async function* pieces(whole: Buffer, failAfter = Infinity): AsyncIterable<Uint8Array> {
  for (let at = 0; at < whole.length; at += MEGABYTE) {
    if (at >= failAfter) throw new Error('the dump broke off')
    yield whole.subarray(at, at + MEGABYTE)
  }
}

it('sends a long stream in parts, each with its checksum, below its prefix, and never over what is there', async () => {
  const whole = randomBytes(12 * MEGABYTE)
  await store().keep('a/data', pieces(whole))
  expect(aws.current.s3.uploads.held.get('backups/clinic/a/data')?.equals(whole)).toBe(true)
  expect(aws.current.callsOf('s3:UploadPart')).toHaveLength(3)
  await expect(store().keep('a/data', pieces(randomBytes(11 * MEGABYTE)))).rejects.toMatchObject({
    failure: 'conflict',
  })
  expect(aws.current.s3.uploads.held.get('backups/clinic/a/data')?.equals(whole)).toBe(true)
})

it('keeps nothing of a long stream that broke off, not even its parts', async () => {
  const broken = store().keep('a/data', pieces(randomBytes(12 * MEGABYTE), 7 * MEGABYTE))
  await expect(broken).rejects.toThrow('the dump broke off')
  expect(aws.current.s3.uploads.held.size).toBe(0)
  expect(aws.current.s3.uploads.open.size).toBe(0)
})

it('takes a key of KMS by its ARN alone, in the region that the ARN names', () => {
  const arn = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
  expect(kmsKeysOf(process.env, arn).keyId).toBe(arn)
  expect(() => kmsKeysOf(process.env, 'arn:aws:kms:eu-west-1:111122223333:alias/backups')).toThrow(
    'may come to mean another',
  )
})

it('asks for the region of a bucket that nobody named', () => {
  expect(() => s3BackupsIn({}, { bucket: 'backups', prefix: '' }, 1000)).toThrow('in which region')
})

it('takes over a data key from a key file, and gives it back', async () => {
  const context = { purpose: 'backup', backup: 'a' }
  const file = new KeyWrapping()
  const kms = new KmsDataKeys(new KMSClient(clientSettings(REGION)), 'arn:aws:kms:sa-east-1:111122223333:key/1')
  const { plain, wrapped } = await file.make(context)
  const taken = await kms.wrap(await file.unwrap(wrapped, context), context)
  expect(Buffer.from(await kms.unwrap(taken, context)).equals(Buffer.from(plain))).toBe(true)
})

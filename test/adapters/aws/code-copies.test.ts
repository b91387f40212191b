import { createHash } from 'node:crypto'
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { KmsSigner } from '../../../adapters/aws/kms-signer'
import { S3CodeCopies } from '../../../adapters/aws/s3-code-copies'
import { VirtualClock } from '../../../adapters/memory/clock'
import { checkCode } from '../../../core/code/check'
import { pushCode } from '../../../core/code/push'
import { describeCodeCopies } from '../../contracts/code-copies'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const makeCopies = (region = 'eu-west-1') =>
  new S3CodeCopies(new S3Client(clientSettings(region, { attempts: 1 })), `code-${region}`)
const makeSigner = (region = 'eu-west-1') => new KmsSigner(new KMSClient(clientSettings(region)), 'alias/code-signing')
const content = Buffer.from('bundle')
const sha256 = createHash('sha256').update(content).digest('hex')
const clock = new VirtualClock(new Date('2026-11-23T12:00:00.000Z'))
const copy = { commit: 'b'.repeat(40), tags: ['v1.0.0'], bundle: content }

describeCodeCopies('S3', makeCopies)

it('writes only where nothing is, and lets S3 itself check the hash', async () => {
  await makeCopies().storeBundle('bundles/x', content, sha256)
  expect(aws.current.callsOf('s3:PutObject')[0]?.headers).toMatchObject({
    'if-none-match': '*',
    'x-amz-checksum-sha256': createHash('sha256').update(content).digest('base64'),
  })
})

it('asks S3 for the hash it keeps, without reading the bundle', async () => {
  const copies = makeCopies()
  await copies.storeBundle('bundles/x', content, sha256)
  await copies.describeBundle('bundles/x')
  expect(aws.current.callsOf('s3:HeadObject')[0]?.headers).toMatchObject({ 'x-amz-checksum-mode': 'ENABLED' })
  expect(aws.current.callsOf('s3:GetObject')).toEqual([])
})

it('never takes a refused look for a missing bundle', async () => {
  aws.current.breaks('s3:HeadObject', 'denied')
  await expect(makeCopies().describeBundle('bundles/x')).rejects.toMatchObject({ failure: 'denied' })
})

it('never takes a missing bucket for a missing bundle', async () => {
  expect(await makeCopies().describeBundle('bundles/x')).toBeUndefined()
  aws.current.s3.missing.add('code-eu-west-1')
  const refused = { failure: 'invalid', code: 'NoSuchBucket' }
  await expect(makeCopies().describeBundle('bundles/x')).rejects.toMatchObject(refused)
  await expect(makeCopies().readBundle('bundles/x')).rejects.toMatchObject(refused)
})

it('brings a copy to the recovery region while the primary region refuses, and it checks out there', async () => {
  aws.current.breaks('s3:PutObject', 'denied')
  const place = (region: string) => ({ name: region, copies: makeCopies(region), signer: makeSigner(region) })
  const [primary, recovery] = await pushCode([place('sa-east-1'), place('eu-west-1')], copy, clock)
  const failed = [primary, recovery].filter((pushed) => pushed?.kind === 'failed')
  expect(failed).toHaveLength(1)
  const good = primary?.kind === 'pushed' ? 'sa-east-1' : 'eu-west-1'
  const publicKey = await makeSigner(good).publicKey()
  expect(await checkCode(makeCopies(good), publicKey, 36, clock.now())).toEqual({
    findings: [],
    commit: copy.commit,
    ageMinutes: 0,
  })
})

import { S3Client } from '@aws-sdk/client-s3'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { S3WriteOnceStore } from '../../../adapters/aws/s3-write-once-store'
import { describeWriteOnceStore } from '../../contracts/write-once-store'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const makeStore = () => new S3WriteOnceStore(new S3Client(clientSettings('eu-west-1')), 'evidence')

describeWriteOnceStore('S3', makeStore)

describe('S3WriteOnceStore', () => {
  it('tells S3 to write only where nothing is', async () => {
    await makeStore().create('records/1', '{}')
    expect(aws.current.callsOf('s3:PutObject')[0]?.headers).toMatchObject({ 'if-none-match': '*' })
  })

  it('sends a checksum, which a bucket with Object Lock demands', async () => {
    await makeStore().create('records/1', '{}')
    expect(aws.current.callsOf('s3:PutObject')[0]?.headers['x-amz-checksum-crc32']).toBeDefined()
  })

  it('says exists when the answer to its own write was lost: the content is there to be read', async () => {
    aws.current.breaks('s3:PutObject', 'lost-answer')
    const store = makeStore()
    expect(await store.create('records/1', 'text')).toBe('exists')
    expect(await store.get('records/1')).toBe('text')
  })

  it('calls a write that met another one throttled: nothing happened, try again', async () => {
    aws.current.breaks('s3:PutObject', { code: 'ConditionalRequestConflict', status: 409 })
    await expect(makeStore().create('records/1', 'text')).rejects.toMatchObject({ failure: 'throttled' })
  })

  it('never takes a refused read for an empty place', async () => {
    aws.current.breaks('s3:GetObject', 'denied')
    await expect(makeStore().get('records/1')).rejects.toMatchObject({ failure: 'denied' })
  })
})

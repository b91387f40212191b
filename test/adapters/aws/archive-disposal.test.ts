import { S3Client } from '@aws-sdk/client-s3'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { S3ArchiveDisposal } from '../../../adapters/aws/s3-archive-disposal'
import { describeArchiveDisposal } from '../../contracts/archive-disposal'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const makeArchive = () =>
  new S3ArchiveDisposal(new S3Client(clientSettings('eu-west-1', { attempts: 1 })), new Map([['phi', 'archive-phi']]))
const held = { bucket: 'archive-phi', key: 'a', versionId: 'v1', modifiedAt: '2000-01-01T00:00:00.000Z' }

describeArchiveDisposal('S3', () => {
  const { held: versions } = aws.current.s3.versions
  return {
    archive: makeArchive(),
    add: (key, kept) => {
      const versionId = `v${versions.length}`
      versions.push({ ...held, ...kept, key, versionId })
      return { key, versionId, archivedAt: held.modifiedAt, legalHold: false, ...kept }
    },
  }
})

describe('S3ArchiveDisposal', () => {
  it('deletes exactly one version, never asks to pass over a lock, and never leaves a delete marker', async () => {
    aws.current.s3.versions.held.push(held)
    await makeArchive().deleteVersion('phi', held)
    const [call, ...others] = aws.current.callsOf('s3:DeleteObjectVersion')
    expect(others).toEqual([])
    expect(call?.url.searchParams.get('versionId')).toBe('v1')
    expect(call?.headers).not.toHaveProperty('x-amz-bypass-governance-retention')
    expect(aws.current.callsOf('s3:DeleteObject')).toEqual([])
  })

  it('reads the content of nothing', async () => {
    aws.current.s3.versions.held.push(held)
    await makeArchive().versions('phi', 'a')
    expect(aws.current.callsOf('s3:GetObject')).toEqual([])
  })

  it.each(['s3:GetObjectRetention', 's3:GetObjectLegalHold', 's3:ListBucketVersions'])(
    'never takes a refused %s for the absence of a lock',
    async (action) => {
      aws.current.s3.versions.held.push(held)
      aws.current.breaks(action, 'denied')
      await expect(makeArchive().versions('phi', 'a')).rejects.toMatchObject({ failure: 'denied' })
    },
  )

  it('knows no bucket for a class that is not archived', async () => {
    await expect(makeArchive().versions('public', 'a')).rejects.toMatchObject({ code: 'CLASS_NOT_ARCHIVED' })
  })
})

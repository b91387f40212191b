import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { checkCode, type CodeVerdict } from '../../core/code/check'
import { systemClock } from '../local/clock'
import { clientSettings } from './client-settings'
import { setting, type AwsEnvironment } from './environment'
import { KmsSigner } from './kms-signer'
import { publish } from './metrics'
import { ownEvidence } from './own-evidence'
import { ownWorld } from './own-world'
import { S3CodeCopies } from './s3-code-copies'

/** Checks the newest copy of the code in the function's region, leaves evidence and a metric. */
export function codeCheck(environment: AwsEnvironment): () => Promise<CodeVerdict> {
  const world = ownWorld(environment)
  const { policy, region } = world
  const copies = new S3CodeCopies(new S3Client(clientSettings(region)), setting(environment, 'codeBucket'))
  const signer = new KmsSigner(new KMSClient(clientSettings(region)), setting(environment, 'codeSigningKey'))
  const evidence = ownEvidence(environment, world, 'code-check')
  return async () => {
    const startedAt = systemClock.now()
    const verdict = await checkCode(copies, await signer.publicKey(), policy.code.oldestCopyHours, startedAt)
    await evidence.append({
      key: `code-check/${startedAt.toISOString()}`,
      kind: 'code-check',
      subject: 'source-code',
      startedAt: startedAt.toISOString(),
      finishedAt: systemClock.now().toISOString(),
      outcome: verdict.findings.length === 0 ? 'succeeded' : 'failed',
      measurements: { findings: verdict.findings, ageMinutes: verdict.ageMinutes ?? null },
      artefacts: [],
      controls: [],
      actor: 'code-check',
    })
    publish('codeFindings', verdict.findings.length, startedAt)
    return verdict
  }
}

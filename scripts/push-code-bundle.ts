import { parseArgs } from 'node:util'
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { clientSettings, refuseForeignEndpointsOfPerson } from '../adapters/aws/client-settings'
import { KmsSigner } from '../adapters/aws/kms-signer'
import { S3CodeCopies } from '../adapters/aws/s3-code-copies'
import { systemClock } from '../adapters/local/clock'
import { FolderCodeCopies } from '../adapters/local/folder-code-copies'
import { GitRepository } from '../adapters/local/git-repository'
import { KeyFileSigner } from '../adapters/local/key-file-signer'
import { presetInForce } from '../cli/preset-file'
import { pushCode, type CodePlace } from '../core/code/push'
import { hasRecoveryRegion } from '../core/policy'
import { Names } from '../lib/names'
import { ENVIRONMENTS, resolvePolicy } from '../policy'

const USAGE = `usage: npm run code:push -- --environment <${ENVIRONMENTS.join('|')}> [--preset <file>]
       npm run code:push -- --folder <directory>

Bundles the whole repository of the current folder, signs a manifest and stores both where nobody can change them: in the
locked bucket of each data region, signed with that region's key, or in a folder with a key of its own.
`

/** Exits 0 when every place holds the copy, 1 when one does not. CI runs it on every tag and on a schedule. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { environment: { type: 'string' }, preset: { type: 'string' }, folder: { type: 'string' } },
  })
  const places =
    values.folder === undefined ? regions(values.environment, values.preset) : [await folderPlace(values.folder)]
  if (!places) {
    process.stderr.write(USAGE)
    process.exitCode = 2
    return
  }
  const copy = await new GitRepository(process.cwd()).copy()
  for (const pushed of await pushCode(places, copy, systemClock)) {
    if (pushed.kind === 'pushed') process.stdout.write(`${pushed.place}: ${pushed.manifest}\n`)
    else {
      process.exitCode = 1
      process.stderr.write(`${pushed.place}: ${messageOf(pushed.error)}\n`)
    }
  }
}

function regions(wanted: string | undefined, preset: string | undefined): CodePlace[] | undefined {
  const environment = ENVIRONMENTS.find((known) => known === wanted)
  if (!environment) return undefined
  refuseForeignEndpointsOfPerson(process.env)
  const policy = resolvePolicy(environment, presetInForce(preset))
  const names = new Names(policy)
  const roles = hasRecoveryRegion(policy) ? (['primary', 'recovery'] as const) : (['primary'] as const)
  return roles.map((role) => {
    const settings = clientSettings(names.region(role), { answerMs: UPLOAD_MS })
    return {
      name: names.region(role),
      copies: new S3CodeCopies(new S3Client(settings), names.bucket('code', role)),
      signer: new KmsSigner(new KMSClient(settings), names.keyAlias('code-signing')),
    }
  })
}

async function folderPlace(folder: string): Promise<CodePlace> {
  const signer = await KeyFileSigner.open(`${folder}/keys`, 'local')
  return { name: folder, copies: new FolderCodeCopies(folder), signer }
}

/** Longest upload of a bundle in one attempt. */
const UPLOAD_MS = 120_000

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
})

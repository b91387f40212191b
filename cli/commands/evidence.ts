import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Command } from 'commander'
import pc from 'picocolors'
import { FolderWriteOnceStore } from '../../adapters/local/folder-write-once-store'
import { readPublicKeys } from '../../adapters/local/key-file-signer'
import { verifyEvidence, type EvidenceReport } from '../../core/evidence'
import { isPortError } from '../../core/ports/errors'
import { UserError } from '../../core/user-error'

const EXIT_CODES = { pass: 0, fail: 1, inconclusive: 2 } as const

/** `recovery evidence verify`: exits 0 when everything is proven, 1 when something was changed, 2 when it cannot tell. */
export function evidenceCommand(): Command {
  const verify = new Command('verify')
    .description('recompute every hash, follow every link and check every signature')
    .option('--folder <dir...>', 'where the evidence lies; several folders are copies of the same evidence', [
      join('.recovery', 'evidence'),
    ])
    .option('--keys <dir>', "folder of public keys, <region>.pub.pem (default: 'keys' beside the evidence)")
    .option('--json', 'print the whole report as one JSON document')
    .action(async (options: { folder: string[]; keys?: string; json?: true }) => {
      const report = await verifyFolders(options.folder, options.keys)
      process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : render(report))
      process.exitCode = EXIT_CODES[report.verdict]
    })
  return new Command('evidence').description('verify the evidence chain').addCommand(verify)
}

async function verifyFolders(folders: readonly string[], keys?: string): Promise<EvidenceReport> {
  for (const folder of keys === undefined ? folders : [...folders, keys]) await requireFolder(folder)
  const copies = folders.map((folder) => ({ name: folder, store: new FolderWriteOnceStore(resolve(folder)) }))
  try {
    const trusted = await readPublicKeys(keys ?? join(dirname(resolve(folders[0] ?? '.')), 'keys'))
    return await verifyEvidence({ copies, keys: trusted })
  } catch (error) {
    if (!isPortError(error)) throw error
    throw new UserError(error.code, error.message, 'put that right and verify again', { cause: error })
  }
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory()) return
  throw new UserError(
    'EVIDENCE_FOLDER_MISSING',
    `there is no folder '${folder}'`,
    'run a drill first, or name the folder of evidence with --folder and the one of public keys with --keys',
  )
}

const COLORS = { pass: pc.green, fail: pc.red, inconclusive: pc.yellow } as const

function render(report: EvidenceReport): string {
  const chains = report.chains.map(({ region, writer, records, proven, unproven, behind }) => {
    const tails = Object.entries(behind).map(([copy, count]) => `, ${count} not yet in '${copy}'`)
    return `${region}/${writer}: ${records} records, ${proven} proven, ${unproven} unproven${tails.join('')}`
  })
  const findings = report.findings.map(({ code, key, detail }) => `${pc.red(code)} ${key}: ${detail}`)
  const more = report.findingsTotal - report.findings.length
  return [
    `${COLORS[report.verdict](report.verdict)} ${explain(report)}`,
    ...chains,
    ...findings,
    ...(more > 0 ? [`and ${more} findings more`] : []),
    ...report.unreadable.map((copy) => `'${copy}' did not answer`),
    '',
  ].join('\n')
}

function explain({ verdict, chains, unreadable }: EvidenceReport): string {
  if (verdict === 'pass') return 'every record is proven by a signed checkpoint'
  if (verdict === 'fail')
    return 'the evidence was changed after it was written; keep it as it is and report an incident'
  if (chains.length === 0) return 'there is no evidence to verify'
  if (unreadable.length > 0) return 'nothing was seen to be changed, but not every copy could be read'
  return 'nothing was seen to be changed, but no trusted checkpoint vouches for all of it'
}

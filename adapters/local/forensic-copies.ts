import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { canonicalJson } from '../../core/evidence/canonical-json'
import { PortError } from '../../core/ports/errors'
import type { Preservation } from '../../core/ports/forensics'

/** Copies that are made while others do something else. One that failed is begun anew by whoever asks next. */
export class KeptMeanwhile {
  private readonly copies = new Map<string, { answer?: () => Preservation }>()

  async ask(key: string, keep: () => Promise<Preservation>): Promise<Preservation> {
    const standing = this.copies.get(key)
    if (standing && !standing.answer) return { kind: 'under-way' }
    if (standing?.answer) {
      this.copies.delete(key)
      return standing.answer()
    }
    const copy: { answer?: () => Preservation } = {}
    this.copies.set(key, copy)
    keep().then(
      (kept) => (copy.answer = () => kept),
      (error: unknown) =>
        (copy.answer = () => {
          throw error
        }),
    )
    return { kind: 'under-way' }
  }
}

/** One kept file: its name below the copy, its size and its hash. */
interface KeptFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

const MANIFEST = 'manifest.json'

/**
 * Keeps one copy under the key in `folder`: what `copyInto` puts there, then a manifest of the hash of every file, then the
 * rights to write are taken away. What is there already is hashed again and compared, never made anew.
 */
export async function keepOnce(
  folder: string,
  key: string,
  copyInto: (target: string) => Promise<void>,
): Promise<Preservation> {
  const name = key.replaceAll(/[^\w-]/g, '_')
  const kept = join(folder, name)
  const standing = await manifestOf(kept)
  if (standing) {
    const found = canonicalJson((await filesBelow(kept)).map((file) => ({ ...file })))
    if (found !== standing)
      throw new PortError('conflict', 'FORENSIC_COPY_CHANGED', `the forensic copy '${name}' is not what was kept`)
    return preserved(name, standing)
  }
  const unfinished = `${kept}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true })
  await copyInto(unfinished)
  const manifest = canonicalJson((await filesBelow(unfinished)).map((file) => ({ ...file })))
  await writeFile(join(unfinished, MANIFEST), manifest, { flag: 'wx' })
  await writeProtect(unfinished)
  await rename(unfinished, kept)
  return preserved(name, manifest)
}

function preserved(name: string, manifest: string): Preservation {
  const files = JSON.parse(manifest) as KeptFile[]
  return {
    kind: 'preserved',
    name,
    manifestSha256: createHash('sha256').update(manifest).digest('hex'),
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

async function manifestOf(kept: string): Promise<string | undefined> {
  try {
    return await readFile(join(kept, MANIFEST), 'utf8')
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined
    throw error
  }
}

async function filesBelow(folder: string): Promise<KeptFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path !== join(folder, MANIFEST))
    .toSorted()
  const files: KeptFile[] = []
  for (const path of paths) files.push({ name: relative(folder, path), ...(await hashOf(path)) })
  return files
}

async function hashOf(path: string): Promise<Pick<KeptFile, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256')
  let bytes = 0
  await pipeline(createReadStream(path), async (chunks) => {
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      hash.update(chunk)
      bytes += chunk.length
    }
  })
  return { bytes, sha256: hash.digest('hex') }
}

/** The nearest thing that a folder has to a lock; who is root can break it, and the manifest's hash tells. */
async function writeProtect(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) if (entry.isFile()) await chmod(join(entry.parentPath, entry.name), 0o400)
}

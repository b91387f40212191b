import { mkdir, readdir, readFile, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Clock } from '../../core/ports/clock'
import type { Configuration, SecretReference, Setting } from '../../core/ports/configuration'
import { PortError } from '../../core/ports/errors'
import { createOnce } from './create-once'

/** Names as Parameter Store takes them, without what could leave the folder. */
const NAME = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/
const VERSION_FILE = /^v(\d{6})\.json$/

/**
 * Settings of one region in a folder: a folder per setting, a file per version, readable by their owner only. The versions
 * of secrets in force stand in `secrets.json`, as another program keeps it.
 */
export class FolderConfiguration implements Configuration {
  constructor(
    private readonly folder: string,
    private readonly clock: Clock,
  ) {}

  async *settings(): AsyncIterable<Setting> {
    const files = await readdir(this.root(), { recursive: true }).catch(ifMissing<string[]>([]))
    const names = new Set(files.filter((file) => /(^|\/)v\d{6}\.json$/.test(file)).map((file) => `/${dirname(file)}`))
    for (const name of [...names].toSorted()) {
      const last = (await this.versions(name)).at(-1)
      if (last !== undefined) yield await this.read(name, last)
    }
  }

  async *history(name: string): AsyncIterable<Setting> {
    for (const version of await this.versions(name)) yield await this.read(name, version)
  }

  async *secrets(): AsyncIterable<SecretReference> {
    const text = await readFile(join(this.folder, 'secrets.json'), 'utf8').catch(ifMissing('{}'))
    for (const [name, versionId] of Object.entries(JSON.parse(text) as Record<string, string>))
      yield { name, versionId }
  }

  async put({ name, kind, value }: Pick<Setting, 'name' | 'kind' | 'value'>): Promise<void> {
    for (;;) {
      const version = ((await this.versions(name)).at(-1) ?? 0) + 1
      const path = this.pathOf(name, version)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const setting: Setting = { name, kind, value, version, modifiedAt: this.clock.now().toISOString() }
      if (await createOnce(path, JSON.stringify(setting), 0o600)) return
    }
  }

  async remove(name: string): Promise<void> {
    // Newest first: a removal that is cut short leaves an older version in force, and is repeated.
    for (const version of (await this.versions(name)).toReversed()) await unlink(this.pathOf(name, version))
  }

  private async versions(name: string): Promise<number[]> {
    const files = await readdir(join(this.root(), checked(name))).catch(ifMissing<string[]>([]))
    return files
      .map((file) => Number(VERSION_FILE.exec(file)?.[1]))
      .filter((version) => version > 0)
      .toSorted((a, b) => a - b)
  }

  private async read(name: string, version: number): Promise<Setting> {
    return JSON.parse(await readFile(this.pathOf(name, version), 'utf8')) as Setting
  }

  private pathOf(name: string, version: number): string {
    return join(this.root(), checked(name), `v${String(version).padStart(6, '0')}.json`)
  }

  private root(): string {
    return join(this.folder, 'settings')
  }
}

function checked(name: string): string {
  if (NAME.test(name)) return name
  throw new PortError(
    'invalid',
    'SETTING_NAME_INVALID',
    `'${name}' is no name of a setting; use one such as '/mail/host'`,
  )
}

const ifMissing =
  <T>(instead: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return instead
    throw error
  }

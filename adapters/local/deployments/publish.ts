import { join } from 'node:path'
import { sha256 } from '../../../core/evidence'
import type { Setting } from '../../../core/ports/configuration'
import { MANIFEST, MODULE, type PlatformFolder } from './platform-folder'
import { writeWhole } from './pointer'

/** SQL of one migration; without `down` there is no way back from it. */
export interface PublishedMigration {
  readonly name: string
  readonly up: string
  readonly down?: string
}

/** What one release brings: the code of programs, files, and how far the schema and the settings go with it. */
export interface PublishedRelease {
  readonly tag: string
  /** Code of each program that is new in it, by component. */
  readonly programs: Readonly<Record<string, string>>
  /** Files of each component that is new in it, by their names. */
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Level of the schema. */
  readonly level: number
  readonly settings: readonly Pick<Setting, 'name' | 'kind' | 'value'>[]
}

/** Gives the platform what a release is made of, and puts nothing of it in force. The same again changes nothing. */
export async function publish(
  at: PlatformFolder,
  { tag, programs, files }: PublishedRelease,
  migrations: readonly PublishedMigration[],
): Promise<void> {
  for (const { name, up, down } of migrations) {
    await writeWhole(join(at.migrations, name, 'up.sql'), up)
    if (down !== undefined) await writeWhole(join(at.migrations, name, 'down.sql'), down)
  }
  for (const [component, code] of Object.entries(programs))
    await writeWhole(join(at.programOf(component).versions, tag, MODULE), code)
  for (const [component, content] of Object.entries(files)) {
    const folder = join(at.filesOf(component).versions, tag)
    for (const [name, text] of Object.entries(content)) await writeWhole(join(folder, name), text)
    const hashes = Object.fromEntries(Object.entries(content).map(([name, text]) => [name, sha256(text)]))
    await writeWhole(join(folder, MANIFEST), JSON.stringify(hashes))
  }
}

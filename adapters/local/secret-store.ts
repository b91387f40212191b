import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Login } from '../postgres/connect'
import type { RegionalSecrets } from './regional-secrets'

/** Where clients find their secrets: a file for each role, and one for each rotation that says what it is about to hand out. */
export interface SecretStore {
  /** What a role logs in with now. */
  readonly login: (role: string) => Login
  /** Every secret that a role has had before, newest last. */
  readonly old: (role: string) => readonly Login[]
  /** File that a client of the role reads before it connects: its login, as JSON. */
  fileOf(role: string): string
  /** Secrets of a rotation: those it has made already under this key, or new ones of the generator, kept before anybody uses them. */
  prepare(key: string, roles: readonly string[], generate: () => string): Promise<ReadonlyMap<string, string>>
  /** Hands the secrets of a region's database to the clients, and keeps them there. The same again changes nothing. */
  publish(region: string, secrets: ReadonlyMap<string, string>): Promise<void>
}

/** The secrets of a world in a folder for this process's user alone, beginning with those it was planned with. */
export async function openSecretStore(
  folder: string,
  planned: (role: string) => Login,
  roles: readonly string[],
  /** Keep the secrets as each region holds them. */
  regional: RegionalSecrets,
): Promise<SecretStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const now = new Map<string, string>()
  const before = new Map<string, string[]>()
  const fileOf = (role: string) => join(folder, `${role}.json`)
  const login = (role: string): Login => ({ user: role, password: now.get(role) ?? planned(role).password })
  for (const role of roles) {
    await put(fileOf(role), login(role))
    await regional.create(role, login(role))
  }
  return {
    login,
    old: (role) => (before.get(role) ?? []).map((password) => ({ user: role, password })),
    fileOf,
    prepare: async (key, wanted, generate) => {
      const path = join(folder, `rotation-${key.replaceAll(/[^\w-]/g, '_')}.json`)
      const kept = await readFile(path, 'utf8').catch(unlessMissing)
      const made = new Map<string, string>(kept === undefined ? [] : (JSON.parse(kept) as [string, string][]))
      for (const role of wanted) if (!made.has(role)) made.set(role, generate())
      await put(path, [...made])
      return made
    },
    publish: async (region, secrets) => {
      for (const [role, password] of secrets) {
        const current = login(role).password
        const there = (await regional.valueOf(role, region)) as Login
        if (there.password !== password) {
          // One that follows another region takes no change.
          await regional.letStandAlone(role, region)
          await regional.change(role, region, { user: role, password })
        }
        if (current === password) continue
        before.set(role, [...(before.get(role) ?? []), current])
        now.set(role, password)
        await put(fileOf(role), login(role))
      }
    },
  }
}

/** Whole or not at all, since clients read it at any moment. */
async function put(path: string, value: unknown): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(value), { mode: 0o600 })
  await rename(`${path}.new`, path)
}

function unlessMissing(error: unknown): undefined {
  if ((error as { code?: string }).code !== 'ENOENT') throw error
  return undefined
}

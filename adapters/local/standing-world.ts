import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UserError } from '../../core/user-error'
import type { Login } from '../postgres/connect'
import { createOnce } from './create-once'
import { httpConditionalStore } from './http-conditional-store'
import { processTable } from './process-table'

/** Longest wait for a store of the world. */
const STORE_MS = 1_000

const port = z.int().min(1).max(65_535)

/**
 * What other programs of this machine need to reach a world that stands. All of it answers on 127.0.0.1. Passwords are not
 * in it, but where they lie is, for the user who started the world alone.
 */
const standingWorldSchema = z.strictObject({
  version: z.literal(1),
  environment: z.enum(['production', 'staging', 'test']),
  startedAt: z.iso.datetime(),
  /** The process that ends the world when it ends. */
  owner: z.strictObject({ pid: z.int().positive(), startTime: z.string() }),
  /** Everything of the world lies in it, and is removed with it. */
  folder: z.string(),
  regions: z.strictObject({ primary: z.string(), recovery: z.string(), witness: z.string() }),
  /** Name that clients use the database by, and the name server that knows where it leads. */
  servedName: z.string(),
  dnsPort: port,
  /** Databases as they stood when the world was opened; the name server knows where each is served now. */
  instances: z
    .array(
      z.strictObject({
        region: z.string(),
        instance: z.string(),
        role: z.enum(['primary', 'recovery']),
        /** The one that it follows. */
        source: z.string().optional(),
        zone: z.string().optional(),
        endpoint: z.strictObject({
          name: z.string(),
          host: z.literal('127.0.0.1'),
          port,
          database: z.string(),
          authority: z.string(),
        }),
      }),
    )
    .min(1),
  /** Folder with one file a role, `<role>.json`: its login. */
  logins: z.string(),
  /** Stores of what the regions coordinate by, over HTTP. */
  storePorts: z.strictObject({ recovery: port, witness: port }),
  /** File of the keys that the recovery region wraps data keys with. */
  keyFile: z.string(),
  /** What is served over HTTP: GET /health and GET /version of each. */
  applications: z.array(z.strictObject({ name: z.string(), port })),
  /** Folder of the releases and of what is in force of them. */
  platform: z.string(),
})

/** A world of this machine that another process keeps standing. */
export type StandingWorld = z.infer<typeof standingWorldSchema>

/** File that describes the world of a folder. */
export const descriptionIn = (folder: string): string => join(folder, 'world.json')

/** The world that stands for the rehearsals of a folder, such as `.recovery`; undefined where none does, or its owner died. */
export async function standingWorld(folder: string): Promise<StandingWorld | undefined> {
  const path = descriptionIn(folder)
  const text = await readFile(path, 'utf8').catch(unlessMissing)
  if (text === undefined) return undefined
  const described = readDescription(text, path)
  return (await isOwned(described)) ? described : undefined
}

/** The same, where a command can do nothing without it. Throws UserError('NO_WORLD'), which says how to start one. */
export async function requireStandingWorld(folder: string): Promise<StandingWorld> {
  const standing = await standingWorld(folder)
  if (standing) return standing
  throw new UserError(
    'NO_WORLD',
    `no local world stands for '${folder}'`,
    "start one in another terminal with 'npx recovery world up', and leave that running",
  )
}

/** Tells other programs of a world. Throws UserError('WORLD_STANDS') where another one stands for the folder. */
export async function announceWorld(folder: string, world: StandingWorld): Promise<void> {
  const path = descriptionIn(folder)
  await mkdir(folder, { recursive: true })
  const text = `${JSON.stringify(standingWorldSchema.parse(world), undefined, 2)}\n`
  while (!(await createOnce(path, text, 0o600))) {
    const other = await standingWorld(folder)
    if (other)
      throw new UserError(
        'WORLD_STANDS',
        `a local world stands for '${folder}' already, kept by process ${other.owner.pid}`,
        "use that one, or end it with 'npx recovery world down'",
      )
    await rm(path, { force: true })
  }
}

/** What a role logs in with now, read anew each time: it may have been rotated. */
export async function standingLogin({ logins }: Pick<StandingWorld, 'logins'>, role: string): Promise<Login> {
  return JSON.parse(await readFile(join(logins, `${role}.json`), 'utf8')) as Login
}

/** Where the regions of a standing world coordinate. */
export const storesOf = ({ storePorts }: Pick<StandingWorld, 'storePorts'>) => ({
  recovery: httpConditionalStore(storePorts.recovery, STORE_MS),
  witness: httpConditionalStore(storePorts.witness, STORE_MS),
})

function readDescription(text: string, path: string): StandingWorld {
  const parsed = standingWorldSchema.safeParse(parsedJson(text))
  if (parsed.success) return parsed.data
  throw new UserError(
    'WORLD_FORM',
    `'${path}' does not describe a world of this version`,
    "end what wrote it, remove the file, and start a world with 'npx recovery world up'",
  )
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no JSON is no description either
  }
}

/** Whether the very process that wrote the description still runs. */
const isOwned = async ({ owner }: StandingWorld): Promise<boolean> =>
  (await processTable.startTimeOf(owner.pid)) === owner.startTime

function unlessMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  return undefined
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireStandingWorld, storesOf, type StandingWorld } from '../../adapters/local/standing-world'
import type { Json } from '../../core/json'
import { startRecovery, type Ended } from './recovery'

/** A local world that stands for the tests of a file, and the command as a process on it. */
export class Standing {
  folder = ''
  world: StandingWorld | undefined

  readonly start = (...args: string[]) =>
    startRecovery(this.folder, args, { environment: { RECOVERY_TARGET: 'local', RECOVERY_ACTOR: 'operator/one' } })
  readonly run = (...args: string[]): Promise<Ended> => this.start(...args).ended

  readonly stores = () => storesOf(this.world!)

  /** The version in force of each component. */
  async inForce(): Promise<Record<string, string>> {
    const seen = JSON.parse((await this.run('world', 'status', '--json')).out) as {
      component: string
      inForce: string
    }[]
    return Object.fromEntries(seen.map(({ component, inForce: version }) => [component, version]))
  }

  /** Ids of the runs in the journal. */
  async runs(): Promise<string[]> {
    const ids: string[] = []
    for await (const { key } of this.stores().recovery.list('runs/')) ids.push(key.slice('runs/'.length))
    return ids
  }

  /** The id of the run that was entered since. */
  async newRun(before: readonly string[]): Promise<string> {
    for (;;) {
      const id = (await this.runs()).find((one) => !before.includes(one))
      if (id !== undefined) return id
      await sleep(100)
    }
  }

  async rewrite(key: string, change: (value: Record<string, Json>) => Record<string, Json>): Promise<void> {
    const { recovery } = this.stores()
    const held = await recovery.get(key)
    if (!held) throw new Error(`nothing stands under '${key}'`)
    await recovery.replace(key, change(held.value as Record<string, Json>), held.version)
  }
}

export const digestIn = ({ out }: Ended): string => /Digest: ([0-9a-f]{64})/.exec(out)![1]!

/** Starts a world before the tests of a file, and ends it after them. */
export function useStandingWorld(): Standing {
  const standing = new Standing()
  let keeper: ReturnType<typeof startRecovery>
  beforeAll(async () => {
    standing.folder = await mkdtemp(join(tmpdir(), 'standing-'))
    keeper = startRecovery(standing.folder, ['world', 'up', '--rows', '300'])
    await keeper.said('the world stands')
    standing.world = await requireStandingWorld(join(standing.folder, '.recovery'))
  }, 180_000)
  afterAll(async () => {
    await startRecovery(standing.folder, ['world', 'down']).ended
    expect((await keeper.ended).code).toBe(143)
    await rm(standing.folder, { recursive: true })
  }, 60_000)
  return standing
}

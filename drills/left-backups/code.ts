import { GitRepository } from '../../adapters/local/git-repository'
import { pushCode } from '../../core/code/push'
import type { Stage } from '../stage'
import type { LeftRegion } from './index'

/** A signed copy of the repository that the drill runs from, in every region; run from elsewhere, there is none. */
export async function leaveCode({ ports, say }: Stage, regions: readonly LeftRegion[]): Promise<void> {
  const copy = await new GitRepository(process.cwd()).copy().catch(() => undefined)
  if (!copy) {
    say('no copy of the code is left: this folder is no whole Git repository')
    return
  }
  const places = await Promise.all(
    regions.map(async ({ expected, folder }) => ({
      name: expected.region,
      copies: folder.code,
      signer: await folder.signer(),
    })),
  )
  for (const pushed of await pushCode(places, copy, ports.clock)) if (pushed.kind === 'failed') throw pushed.error
}

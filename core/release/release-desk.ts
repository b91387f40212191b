import { demand } from '../access/demand'
import { markAtDesk, type MarkerDeskWorld } from '../coordination/marker-desk'
import { markedMoment } from '../coordination/markers'
import { screenDraft } from '../evidence/screen'
import type { OperatorWorld } from '../operator'
import type { Deployments } from '../ports/deployments'
import { PortError } from '../ports/errors'
import type { VersionKeeping } from '../ports/version-keeping'
import { differences } from './differences'
import { healthOf, settledVersions } from './in-force'
import {
  latestReleases,
  newestRelease,
  recordRelease,
  releaseAt,
  releaseTagged,
  type Recorded,
  type ReleaseDraft,
} from './registry'
import type { Release } from './release'
import { releaseEvidence } from './release-evidence'

export interface ReleaseDeskWorld extends MarkerDeskWorld {
  /** @default nothing that is deployed can be read here, and so no release be recorded */
  readonly deployments?: Deployments
  /** @default every place keeps its versions by itself */
  readonly keeping?: VersionKeeping
}

export interface ReleaseWanted {
  readonly tag: string
  readonly commit?: string | undefined
  /** Marker that was set before the release was deployed. @default one is set now, before it is recorded */
  readonly recoveryPoint?: string | undefined
}

/**
 * Records what is in force as a release, for the person who asks: versions and health are read where the components are
 * deployed, never told. The same tag over the same versions again gives the record that stands. Throws PortError('denied') for
 * whoever may not, and PortError('conflict') where a component was never deployed.
 */
export async function recordAtDesk(
  world: ReleaseDeskWorld,
  wanted: ReleaseWanted,
): Promise<Recorded & { readonly already: boolean }> {
  const { policy, places, evidence, clock, actor } = world
  demand(actor, 'start-runbooks')
  const { environment } = policy
  const { tag, commit } = wanted
  const person = `person-${actor.person}`
  const now = () => clock.now().toISOString()
  // Before anything is set: what says too much may stand nowhere.
  screenDraft(releaseEvidence({ ...draftOf(), components: {}, sequence: 1 }))

  const deployments = deployedIn(world)
  for (const component of policy.releases.components) await world.keeping?.keep(component)
  const components = await settledVersions(deployments, policy.releases.components)
  const newest = await newestRelease(places, environment)
  const already = newest?.tag === tag && differences(newest, { components }).length === 0 ? newest : undefined
  const recorded = await recordRelease(
    places,
    already ?? {
      ...draftOf(),
      components,
      health: await healthOf(deployments, policy.releases.components),
      recoveryPoint: await pointBefore(world, wanted.recoveryPoint, (newest?.sequence ?? 0) + 1),
      recordedAt: now(),
    },
  )
  await evidence.append(releaseEvidence(recorded.release))
  return { ...recorded, already: already !== undefined }

  function draftOf(): Omit<ReleaseDraft, 'components'> {
    return {
      tag,
      ...(commit !== undefined && { commit }),
      environment,
      health: 'unhealthy',
      recoveryPoint: wanted.recoveryPoint ?? 'none',
      actor: person,
      recordedAt: now(),
    }
  }
}

/** Releases of the environment as people see them, newest first. */
export async function releasesAtDesk(
  world: OperatorWorld,
  { most }: { readonly most: number },
): Promise<{ readonly releases: readonly Release[] }> {
  demand(world.actor, 'see-state')
  return { releases: await latestReleases(world.places, world.policy.environment, most) }
}

/** A release by its number or tag, and what it changed. Throws PortError('conflict') where there is none. */
export async function releaseAtDesk(
  world: OperatorWorld,
  { release: asked }: { readonly release: string },
): Promise<{ readonly release: Release; readonly changed: readonly string[] }> {
  const { places, policy, actor } = world
  demand(actor, 'see-state')
  const { environment } = policy
  const release = /^\d+$/.test(asked)
    ? await releaseAt(places, environment, Number(asked))
    : await releaseTagged(places, environment, asked)
  if (!release)
    throw new PortError('conflict', 'RELEASE_UNKNOWN', `'${environment}' has no release '${asked}'; list what it has`)
  const before = release.sequence > 1 ? await releaseAt(places, environment, release.sequence - 1) : undefined
  return {
    release,
    changed: differences(before ?? { components: {} }, release).map(
      ({ component, from, to }) => `${component}: ${from ?? 'nothing'} -> ${to ?? 'nothing'}`,
    ),
  }
}

async function pointBefore(world: ReleaseDeskWorld, named: string | undefined, sequence: number): Promise<string> {
  if (named === undefined) return (await markAtDesk(world, `before-release-${sequence}`)).name
  if ((await markedMoment(world.places, named)) !== undefined) return named
  throw new PortError('conflict', 'MARKER_UNKNOWN', `no marker '${named}' was set; set it before the next release`)
}

/** Where what is deployed can be read. Throws PortError('conflict') where nothing here can. */
export function deployedIn({ deployments }: Pick<ReleaseDeskWorld, 'deployments'>): Deployments {
  if (deployments) return deployments
  throw new PortError(
    'conflict',
    'DEPLOYMENTS_ABSENT',
    'nothing that is deployed can be read here; start a local world, or record in AWS',
  )
}

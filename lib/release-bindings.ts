import type { Component } from '../core/ports/deployments'
import { RELEASE_RESOURCES, TEMPLATES_FOLDER, type PermittedResource, type ReleaseResource } from '../lambda/contract'
import type { Surroundings } from './function-bindings'

export const isOfRelease = (resource: PermittedResource): resource is ReleaseResource =>
  RELEASE_RESOURCES.some((one) => one === resource)

/** ARNs of what is deployed of the platform; none of a kind that no component is of. */
export function releaseArns(resource: ReleaseResource, { names, role, released, keyArn }: Surroundings): string[] {
  const of = <Kind extends Component['kind']>(kind: Kind) =>
    released.filter((one): one is Extract<Component, { kind: Kind }> => one.kind === kind)
  switch (resource) {
    case 'released-functions':
      return of('function').map((one) => names.foreignFunctionArn(role, one.function))
    case 'released-versions':
      return of('function').flatMap((one) => {
        const arn = names.foreignFunctionArn(role, one.function)
        return [arn, `${arn}:*`]
      })
    case 'released-aliases':
      return of('function').map((one) => `${names.foreignFunctionArn(role, one.function)}:${one.alias}`)
    case 'migration-functions':
      return of('migrations').map((one) => names.foreignFunctionArn(role, one.function))
    case 'own-configuration-restore-function':
      return of('configuration').length > 0 ? [names.functionArn(role, 'configuration-restore')] : []
    case 'release-reader-functions':
      return names.dataRoles.map((place) => names.functionArn(place, 'release-reader'))
    case 'own-assets-bucket':
      return of('assets').length > 0 ? [names.bucketArn('assets', role)] : []
    case 'asset-pointers':
      return of('assets').map((one) => `${names.bucketArn('assets', role)}/${one.pointer}`)
    case 'own-assets-key':
      return of('assets').length > 0 ? [keyArn('assets')] : []
    case 'deployment-tokens':
      return of('deployment').map((one) => names.foreignSecretArn(role, one.tokenSecret))
    case 'released-stacks':
      return of('infrastructure').map((one) => names.foreignStackArn(role, one.stack))
    case 'own-released-templates':
      return of('infrastructure').map((one) => `${names.bucketArn('code', role)}/${TEMPLATES_FOLDER}/${one.stack}/*`)
  }
}

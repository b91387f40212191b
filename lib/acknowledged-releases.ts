import type { Policy } from '../core/policy'
import { TEMPLATES_FOLDER } from '../lambda/contract'
import { IAM5 } from './acknowledged-restores'
import type { Acknowledgement } from './acknowledgements'
import type { Names } from './names'

/** What is seen of a release, and put back of it, beyond one name. */
export function releaseFindings(
  { releases: { components } }: Policy,
  names: Names,
): Pick<Acknowledgement, 'rules' | 'where' | 'reason'>[] {
  return [
    {
      rules: names.dataRoles
        .flatMap((role) =>
          components.flatMap((component) => {
            if (component.kind === 'function') return [`${names.foreignFunctionArn(role, component.function)}:*`]
            if (component.kind !== 'infrastructure') return []
            const { stack } = component
            return [
              names.foreignStackArn(role, stack),
              `${names.bucketArn('code', role)}/${TEMPLATES_FOLDER}/${stack}/*`,
            ]
          }),
        )
        .map(IAM5),
      where: /\/runbooks-\w+\/Functions\/(release-reader|runbook-deploy)\/Role\/Policy\/Resource$/,
      reason:
        "versions of one function are numbered by Lambda, a stack's ARN ends with a random id, and each release has a template of its own",
    },
  ]
}

import type { Ports } from '../../ports'
import type { RollbackInput } from './input'

/** Names of the components that do not serve at this moment. */
export async function illComponents(
  { deployments }: Pick<Ports, 'deployments'>,
  { components }: Pick<RollbackInput, 'components'>,
): Promise<readonly string[]> {
  const ill: string[] = []
  for (const component of components) if (!(await deployments.serves(component))) ill.push(component.name)
  return ill
}

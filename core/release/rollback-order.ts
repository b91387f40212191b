import type { Component } from '../ports/deployments'

/**
 * The order in which components are put back: what others depend on before them, and the schema after everything. Programs
 * that write with the newer schema have to be gone before it loses what they write; the older ones serve with the newer schema
 * meanwhile, as they did while the release went out (expand first, contract in a later release:
 * https://martinfowler.com/bliki/ParallelChange.html). Of several schemas, the one that depends on another goes first. A schema
 * that rises, where a rollback is itself rolled back, is a component like any other: what needs it comes after it.
 */
export function inRollbackOrder(
  components: readonly Component[],
  rising: ReadonlySet<string> = new Set(),
): readonly Component[] {
  const isLast = ({ kind, name }: Component) => kind === 'migrations' && !rising.has(name)
  const others = components.filter((component) => !isLast(component))
  return [...dependenciesFirst(others), ...dependenciesFirst(components.filter(isLast)).toReversed()]
}

/** Schemas whose level gets higher. A level that is no number says nothing of its direction, and is taken for one that falls. */
export const risingSchemas = (
  components: readonly Component[],
  from: Readonly<Record<string, string | null>>,
  to: Readonly<Record<string, string>>,
): ReadonlySet<string> =>
  new Set(
    components
      .filter(({ kind, name }) => kind === 'migrations' && Number(to[name]) > Number(from[name] ?? 0))
      .map(({ name }) => name),
  )

/** As they are declared, but for what others depend on. The policy refuses a circle. */
function dependenciesFirst(components: readonly Component[]): Component[] {
  const ordered: Component[] = []
  const seen = new Set<string>()
  const visit = (component: Component): void => {
    if (seen.has(component.name)) return
    seen.add(component.name)
    for (const other of components) if (component.dependsOn.includes(other.name)) visit(other)
    ordered.push(component)
  }
  components.forEach(visit)
  return ordered
}

/** Everything that cannot serve without one of the named components, by way of others too; without those themselves. */
export function dependentsOf(names: readonly string[], components: readonly Component[]): ReadonlySet<string> {
  const found = new Set(names)
  for (let before = 0; before < found.size;) {
    before = found.size
    for (const { name, dependsOn } of components) if (dependsOn.some((needed) => found.has(needed))) found.add(name)
  }
  for (const name of names) found.delete(name)
  return found
}

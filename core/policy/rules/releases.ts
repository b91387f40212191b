import type { Policy } from '../schema'
import { rule, when, type Finding, type Rules } from './rule'

type Component = Policy['releases']['components'][number]

const componentsAreUnique = rule(
  'a release names each component once',
  ['releases.components'],
  ({ releases: { components } }) =>
    twice(components, ({ name }) => name, 'name', 'give each component a name of its own'),
)

/** What a component is, where it is deployed: two of the same would each undo what the other put in force. */
const componentsStandApart = rule(
  'no two components are put back at the same place',
  ['releases.components'],
  ({ releases: { components } }) =>
    twice(components, placeOf, 'kind', 'release what is deployed at one place as one component'),
)

function placeOf(component: Component): string {
  switch (component.kind) {
    case 'function':
      return `function ${component.function} ${component.alias}`
    case 'deployment':
      return `deployment ${component.team} ${component.project}`
    case 'assets':
      return `assets ${component.pointer}`
    case 'infrastructure':
      return `infrastructure ${component.stack}`
    case 'configuration':
    case 'migrations':
      // There is one configuration and one database.
      return component.kind
  }
}

const componentsNeedWhatIsReleased = rule(
  'what a component needs is a component',
  ['releases.components'],
  ({ releases: { components } }) =>
    components.flatMap(({ dependsOn }, i) =>
      dependsOn.flatMap((needed, at) =>
        when(
          !components.some(({ name }) => name === needed),
          `releases.components.${i}.dependsOn.${at}`,
          `is '${needed}', no component`,
          `use one of ${components.map(({ name }) => name).join(', ')}`,
        ),
      ),
    ),
)

const componentsHaveAnOrder = rule(
  'every component can be put back after what it needs',
  ['releases.components'],
  ({ releases: { components } }) => {
    const placed = inOrder(components)
    const [stuck] = components.filter(({ name }) => !placed.has(name))
    return when(
      stuck !== undefined,
      `releases.components.${stuck ? components.indexOf(stuck) : 0}.dependsOn`,
      `'${stuck?.name}' needs itself, over others or directly`,
      'let one of them serve without the other',
    )
  },
)

/** Names of the components that have a place in an order, where each comes after what it needs of them. */
function inOrder(components: readonly Component[]): ReadonlySet<string> {
  const known = new Set(components.map(({ name }) => name))
  const placed = new Set<string>()
  for (let more = true; more;) {
    const next = components.filter(
      ({ name, dependsOn }) => !placed.has(name) && dependsOn.every((one) => placed.has(one) || !known.has(one)),
    )
    for (const { name } of next) placed.add(name)
    more = next.length > 0
  }
  return placed
}

const configurationCanBePutBack = rule(
  'a rollback of the configuration alone has something to put back',
  ['releases.components', 'rollbacks'],
  ({ releases: { components } }) =>
    when(
      !components.some(({ kind }) => kind === 'configuration'),
      'releases.components',
      'has no configuration, which the procedure rolls back by itself',
      "add a component of the kind 'configuration'",
    ),
)

// One after the other, since a component is put back after what it needs; each may take as long as its gate waits.
const gatesFitTheBudgets = rule(
  'the health gates of a rollback end within its budget',
  ['releases.healthySeconds', 'releases.components', 'rollbacks'],
  ({ releases: { components, healthySeconds }, rollbacks }) => {
    const gated = [
      ['full', components.length],
      ['config-only', components.filter(({ kind }) => kind === 'configuration').length],
    ] as const
    return gated.flatMap(([type, gates]): readonly Finding[] => {
      const budgetSeconds = rollbacks[type].downtimeMinutes.atMost * 60
      return when(
        gates * healthySeconds > budgetSeconds,
        'releases.healthySeconds',
        `is ${healthySeconds}, and ${gates} gates of a ${type} rollback may take more than its ${budgetSeconds} seconds`,
        `use at most ${Math.floor(budgetSeconds / gates)}`,
      )
    })
  },
)

// What a promise of minutes rests on: each kind at its usual pace, one after the other.
const kindsFitTheTimeOfARollback = rule(
  'what the components take to go back is within the time of a rollback',
  ['releases.putBackSeconds', 'releases.components', 'mechanisms.releaseRollbackMinutes', 'rollbacks'],
  ({ releases: { components, putBackSeconds }, mechanisms, rollbacks }) => {
    const secondsOf = (some: readonly Component[]) => some.reduce((sum, { kind }) => sum + putBackSeconds[kind], 0)
    const settings = components.filter(({ kind }) => kind === 'configuration')
    const bounds = [
      [
        'full',
        secondsOf(components),
        Math.min(mechanisms.releaseRollbackMinutes, rollbacks.full.downtimeMinutes.atMost),
      ],
      ['config-only', secondsOf(settings), rollbacks['config-only'].downtimeMinutes.atMost],
    ] as const
    return bounds.flatMap(([type, seconds, minutes]) =>
      when(
        seconds > minutes * 60,
        'releases.putBackSeconds',
        `comes to ${seconds} for a ${type} rollback, which has ${minutes * 60}`,
        'release fewer components, or have what takes longest go back sooner',
      ),
    )
  },
)

const watchOutlastsAGate = rule(
  'a platform that was rolled back is watched for longer than one part of it may take to serve',
  ['releases.monitorSeconds', 'releases.healthySeconds'],
  ({ releases: { healthySeconds, monitorSeconds } }) =>
    when(
      monitorSeconds <= healthySeconds,
      'releases.monitorSeconds',
      `is ${monitorSeconds}, a component may take ${healthySeconds} to serve`,
      `use more than ${healthySeconds}`,
    ),
)

const twice = (
  components: readonly Component[],
  keyOf: (component: Component) => string,
  field: string,
  fix: string,
): readonly Finding[] =>
  components.flatMap((component, i) =>
    when(
      components.findIndex((other) => keyOf(other) === keyOf(component)) !== i,
      `releases.components.${i}.${field}`,
      `'${keyOf(component)}' is used twice`,
      fix,
    ),
  )

export const releaseRules: Rules = {
  componentsAreUnique,
  componentsStandApart,
  componentsNeedWhatIsReleased,
  componentsHaveAnOrder,
  configurationCanBePutBack,
  gatesFitTheBudgets,
  kindsFitTheTimeOfARollback,
  watchOutlastsAGate,
}

import { rule, when, type Rules } from './rule'

const hooksAreUnique = rule(
  'two hooks never share a key, so that each is brought up once',
  ['applicationTier', 'rehearsal.applicationTier'],
  ({ applicationTier, rehearsal }) =>
    Object.entries({ applicationTier, 'rehearsal.applicationTier': rehearsal.applicationTier }).flatMap(
      ([path, tier]) =>
        tier.mode === 'none'
          ? []
          : tier.hooks.flatMap(({ name }, i) =>
              when(
                tier.hooks.findIndex((other) => other.name === name) !== i,
                `${path}.hooks.${i}.name`,
                `'${name}' is used twice`,
                'give each hook a name of its own',
              ),
            ),
    ),
)

const flipMovesSomething = rule('a deployment is flipped to another one', ['applicationTier'], ({ applicationTier }) =>
  applicationTier.mode === 'none'
    ? []
    : applicationTier.hooks.flatMap((hook, i) =>
        when(
          hook.kind === 'flip-deployment' && hook.alias === hook.toAlias,
          `applicationTier.hooks.${i}.toAlias`,
          `is '${hook.kind === 'flip-deployment' ? hook.toAlias : ''}', the alias that is served`,
          'name the alias of the version that has to be served after a failover',
        ),
      ),
)

export const applicationTierRules: Rules = { hooksAreUnique, flipMovesSomething }

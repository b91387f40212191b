import { applicationSecrets } from '../login-secrets'
import { rule, when, type Rules } from './rule'

const configurationCopyIsTriedAgain = rule(
  'one lost request does not cost the objective of configuration',
  ['configuration.copyRetrySeconds', 'mechanisms.configurationCopySeconds'],
  ({ configuration: { copyRetrySeconds }, mechanisms: { configurationCopySeconds } }) =>
    when(
      copyRetrySeconds * 3 > configurationCopySeconds,
      'configuration.copyRetrySeconds',
      `is ${copyRetrySeconds}, which leaves fewer than three tries in ${configurationCopySeconds} s`,
      `use at most ${configurationCopySeconds / 3}`,
    ),
)

const environmentIsBackedUpDaily = rule(
  'a change whose event was lost is held by every region within a day',
  ['configuration.backupEveryMinutes'],
  ({ configuration: { backupEveryMinutes } }) =>
    when(
      backupEveryMinutes > 24 * 60,
      'configuration.backupEveryMinutes',
      `is ${backupEveryMinutes}, more than a day`,
      'use at most 1440',
    ),
)

const settingsHaveAPath = rule('settings are copied by the path of their store', ['stores'], ({ stores }) =>
  stores.flatMap(({ kind, id }, i) =>
    when(
      kind === 'parameters' && !/^(\/[\w.-]+)+$/.test(id),
      `stores.${i}.id`,
      `is '${id}', no path of parameters`,
      "write it as '/application/part'",
    ),
  ),
)

const secretsAreNamedOnce = rule(
  'no two secrets of the application have one name',
  ['configuration.secrets', 'database.logins'],
  (policy) => {
    const names = applicationSecrets(policy)
    const twice = names.find((name, i) => names.indexOf(name) !== i)
    return when(
      twice !== undefined,
      'database.logins',
      `makes the secret '${twice}' twice`,
      'name each login role and each secret once',
    )
  },
)

export const configurationRules: Rules = {
  configurationCopyIsTriedAgain,
  environmentIsBackedUpDaily,
  settingsHaveAPath,
  secretsAreNamedOnce,
}

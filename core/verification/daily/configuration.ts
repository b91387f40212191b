import { found, judgeOne, type Judge } from './judge'

/** Every setting that is in force here lies, in its present version, in each region. */
export const configuration: Judge = (facts, { configurationCopySeconds }) =>
  judgeOne(facts.settings, ({ missing }) =>
    Object.entries(missing)
      .filter(([, count]) => count > 0)
      .map(([region, settings]) =>
        found('settings-not-copied', region, { settings, withinSeconds: configurationCopySeconds }),
      ),
  )

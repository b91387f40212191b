import { setTimeout as sleep } from 'node:timers/promises'
import type { ConfigurationCopy } from '../../../core/configuration/copies'
import { copyChange } from '../../../core/configuration/copy-change'
import type { Configuration, Setting } from '../../../core/ports/configuration'
import { isPortError } from '../../../core/ports/errors'
import { systemClock } from '../clock'
import { FolderConfiguration } from '../folder-configuration'
import { httpConditionalStore } from '../http-conditional-store'
import { KeyWrapping } from '../key-wrapping'
import { ASSET, assetsOf, openContent, remoteStore, SETTING } from '../region-content'
import { readSettings, type ReplicatorSettings } from './settings'

const LOOK_EVERY_MS = 100

/** Copies settings and assets from its own region to the recovery region, each as late as its mechanism may be. */
async function main(): Promise<void> {
  const settings = readSettings() as ReplicatorSettings
  const { region, port, keyFile } = settings.recovery
  const own = await openContent(settings.source, settings.own)
  const store = remoteStore(httpConditionalStore(port, settings.callDeadlineMs))
  const recovery = { region, store, keys: await KeyWrapping.open(keyFile) }
  await Promise.all([copySettings(settings, own, recovery), copyAssets(settings, own, recovery)])
}

async function copySettings(
  settings: ReplicatorSettings,
  own: ConfigurationCopy,
  recovery: ConfigurationCopy,
): Promise<void> {
  const configuration = dueOnly(new FolderConfiguration(settings.configuration, systemClock), settings.copySeconds)
  for (let copied = 0; ; await sleep(LOOK_EVERY_MS)) {
    let newest: Setting | undefined
    for await (const version of configuration.history(SETTING)) newest = version
    if (!newest || newest.version === copied) continue
    const change = { name: SETTING, kind: 'put', changedAt: newest.modifiedAt } as const
    await untilReached(async () => {
      await copyChange(
        {
          source: settings.source,
          configuration,
          copies: [own, recovery],
          clock: systemClock,
          deadlineSeconds: settings.copySeconds,
          retryEverySeconds: LOOK_EVERY_MS / 1000,
        },
        change,
      )
      copied = newest.version
    })
  }
}

/** What has waited for as long as the copy may take. */
const dueOnly = (configuration: Configuration, seconds: number): Pick<Configuration, 'history'> => ({
  history: async function* (name) {
    for await (const version of configuration.history(name))
      if (isDue(Date.parse(version.modifiedAt), seconds)) yield version
  },
})

async function copyAssets(
  settings: ReplicatorSettings,
  own: ConfigurationCopy,
  recovery: ConfigurationCopy,
): Promise<void> {
  const sent = new Set<string>()
  for (; ; await sleep(LOOK_EVERY_MS))
    await untilReached(async () => {
      for await (const key of own.store.keys(assetsOf(ASSET))) {
        const text = sent.has(key) ? undefined : await own.store.get(key)
        if (text === undefined || !isDue((JSON.parse(text) as { atMs: number }).atMs, settings.assetSeconds)) continue
        await recovery.store.create(key, text)
        sent.add(key)
      }
    })
}

const isDue = (atMs: number, seconds: number): boolean => Date.now() - atMs >= seconds * 1000

/** A region that cannot be reached now is tried again at the next look. */
async function untilReached(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isPortError(error) || error.failure !== 'unreachable') throw error
  }
}

void main()

import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../clock'
import { FolderConfiguration } from '../folder-configuration'
import { ASSET, assetKey, openContent, SETTING } from '../region-content'
import { readSettings, type AuthorSettings } from './settings'

/** Changes a setting and an asset again and again in its own region, and writes down what the region has taken. */
async function main(): Promise<void> {
  const settings = readSettings() as AuthorSettings
  const configuration = new FolderConfiguration(settings.configuration, systemClock)
  const assets = (await openContent('here', settings.content)).store
  const acknowledge = (store: 'configuration' | 'assets', number: number) =>
    appendFileSync(settings.log, `${JSON.stringify({ store, number, atMs: Date.now() })}\n`)
  for (let number = 1; ; number++) {
    await configuration.put({ name: SETTING, kind: 'plain', value: String(number) })
    acknowledge('configuration', number)
    await assets.create(assetKey(ASSET, number), JSON.stringify({ number, atMs: Date.now() }))
    acknowledge('assets', number)
    await sleep(settings.everyMs)
  }
}

void main()

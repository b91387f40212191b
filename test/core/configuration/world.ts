import { KeyWrapping } from '../../../adapters/local/key-wrapping'
import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryConfiguration } from '../../../adapters/memory/configuration'
import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import type { ConfigurationCopy } from '../../../core/configuration/copies'
import type { WriteOnceStore } from '../../../core/ports/write-once-store'

/** A copy whose store a test can look into, break and damage. */
export interface TestCopy extends ConfigurationCopy {
  readonly memory: MemoryWriteOnceStore
  /** Decides what the next write throws; nothing when undefined. */
  failure: () => Error | undefined
}

function copyIn(region: string): TestCopy {
  const memory = new MemoryWriteOnceStore()
  const store: WriteOnceStore = {
    create: async (key, text) => {
      const error = copy.failure()
      if (error) throw error
      return memory.create(key, text)
    },
    get: async (key) => memory.get(key),
    keys: (prefix) => memory.keys(prefix),
  }
  const copy: TestCopy = { region, memory, store, keys: new KeyWrapping(), failure: () => undefined }
  return copy
}

/** A region with settings, and copies in two regions under keys of their own. */
export function makeWorld() {
  const clock = new VirtualClock(new Date('2026-11-23T12:00:00.000Z'))
  const copies = [copyIn('sa-east-1'), copyIn('eu-west-1')] as const
  return { source: 'sa-east-1', clock, configuration: new MemoryConfiguration(clock), copies }
}

export async function keysOf({ memory }: TestCopy, prefix = ''): Promise<string[]> {
  const keys: string[] = []
  for await (const key of memory.keys(prefix)) keys.push(key)
  return keys
}

import { LambdaClient } from '@aws-sdk/client-lambda'
import type { Ports } from '../../core/ports'
import type { ConditionalStore } from '../../core/ports/conditional-store'
import { clientSettings } from './client-settings'
import type { Here } from './composition'
import { setting } from './environment'
import { RelayedJournal } from './relayed-conditional-store'

/** Longest wait for a relay, which itself waits for a store in another region. */
export const RELAY_MS = 10_000

/** The journal for a function in isolated subnets, which reach the table of their own region alone. */
export function besideCoordination(here: Here, coordination: Ports['coordination']): Ports['coordination'] {
  return { ...coordination, recovery: journalBeside(here, coordination.recovery) }
}

/** The same of the store alone; `own` is how it is reached where it stands. */
export function journalBeside({ environment, policy, region }: Here, own: ConditionalStore): ConditionalStore {
  const relay = setting(environment, 'journalRelay')
  if (region === policy.topology.regions.recovery) return own
  const client = new LambdaClient(clientSettings(region, { attempts: 1, answerMs: RELAY_MS }))
  return new RelayedJournal(client, relay, RELAY_MS)
}

import { LambdaClient } from '@aws-sdk/client-lambda'
import type { Ports } from '../../core/ports'
import { clientSettings } from './client-settings'
import type { Here } from './composition'
import { setting } from './environment'
import { RelayedJournal } from './relayed-conditional-store'

/** Longest wait for a relay, which itself waits for a store in another region. */
export const RELAY_MS = 10_000

/** The journal for a function in isolated subnets, which reach the table of their own region alone. */
export function besideCoordination(
  { environment, policy, region }: Here,
  coordination: Ports['coordination'],
): Ports['coordination'] {
  const relay = setting(environment, 'journalRelay')
  if (region === policy.topology.regions.recovery) return coordination
  const client = new LambdaClient(clientSettings(region, { attempts: 1, answerMs: RELAY_MS }))
  return { ...coordination, recovery: new RelayedJournal(client, relay, RELAY_MS) }
}

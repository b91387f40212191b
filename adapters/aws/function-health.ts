import type { LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import { CALL_MS } from './client-settings'
import { callFunction } from './lambda-call'

const health = z.object({ healthy: z.boolean() })

/** Whether a function of the application answers that it is well. Throws PortError('unreachable') also where it fails. */
export async function answersHealthy(client: LambdaClient, name: string): Promise<boolean> {
  const parsed = z.safeParse(health, await callFunction(client, name, { action: 'health' }, CALL_MS))
  return parsed.success && parsed.data.healthy
}

import type { Json } from '../json'
import type { ConditionalStore } from '../ports/conditional-store'
import { PortError } from '../ports/errors'
import { MAX_STATE_BYTES, type BaseInput, type RunState } from '../runbook/model'

const keyOf = (runId: string): string => `runs/${runId}`

/** Keeps the newest state of a run. A crash at any point resumes from what was saved last. */
export async function saveRun<Input extends BaseInput>(store: ConditionalStore, state: RunState<Input>): Promise<void> {
  const text = JSON.stringify(state)
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_STATE_BYTES) {
    throw new PortError(
      'invalid',
      'RUN_STATE_TOO_LARGE',
      `the state of run '${state.runId}' has ${bytes} bytes, at most ${MAX_STATE_BYTES} are allowed; keep large results elsewhere and refer to them`,
    )
  }
  const key = keyOf(state.runId)
  const value = JSON.parse(text) as Json
  const stored = await store.get(key)
  const written = stored ? await store.replace(key, value, stored.version) : await store.create(key, value)
  if (written === 'stale' || written === 'exists') {
    throw new PortError(
      'conflict',
      'RUN_HAS_TWO_DRIVERS',
      `run '${state.runId}' is being driven by somebody else; let that driver finish, or stop it first`,
    )
  }
}

export async function loadRun<Input extends BaseInput>(
  store: ConditionalStore,
  runId: string,
): Promise<RunState<Input> | undefined> {
  const stored = await store.get(keyOf(runId))
  return stored?.value as unknown as RunState<Input> | undefined
}

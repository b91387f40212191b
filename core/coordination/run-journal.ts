import type { Json } from '../json'
import type { ConditionalStore } from '../ports/conditional-store'
import { PortError } from '../ports/errors'
import { MAX_STATE_BYTES, type BaseInput, type RunState } from '../runbook/model'

const keyOf = (runId: string): string => `runs/${runId}`

/**
 * Journals a run and returns it with its new revision. Writes only on top of the revision the state was made from:
 * throws PortError('conflict') when another driver got there first, PortError('invalid') above 8 KB.
 */
export async function saveRun<Input extends BaseInput>(
  store: ConditionalStore,
  state: RunState<Input>,
): Promise<RunState<Input>> {
  const next = { ...state, revision: state.revision + 1 }
  const text = JSON.stringify(next)
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_STATE_BYTES) {
    throw new PortError(
      'invalid',
      'RUN_STATE_TOO_LARGE',
      `the state of run '${state.runId}' has ${bytes} bytes, at most ${MAX_STATE_BYTES} are allowed; keep large results elsewhere and refer to them`,
    )
  }
  if (!(await write(store, keyOf(state.runId), state.revision, JSON.parse(text) as Json))) {
    throw new PortError(
      'conflict',
      'RUN_HAS_TWO_DRIVERS',
      `run '${state.runId}' is being driven by somebody else; let that driver finish, or stop it first`,
    )
  }
  return next
}

/**
 * Puts a run into the journal, from which every driver takes it, or gives back the one that stands there under its id.
 * Whoever does this answers for who started the run and how: a driver believes nothing else.
 */
export async function enterRun<Input extends BaseInput>(
  store: ConditionalStore,
  fresh: RunState<Input>,
): Promise<RunState<Input>> {
  return (await loadRun<Input>(store, fresh.runId)) ?? saveRun(store, fresh)
}

async function write(store: ConditionalStore, key: string, onTopOf: number, value: Json): Promise<boolean> {
  if (onTopOf === 0) return (await store.create(key, value)) === 'created'
  const stored = await store.get(key)
  if ((stored?.value as unknown as RunState | undefined)?.revision !== onTopOf) return false
  return (await store.replace(key, value, stored!.version)) === 'replaced'
}

export async function loadRun<Input extends BaseInput>(
  store: ConditionalStore,
  runId: string,
): Promise<RunState<Input> | undefined> {
  const stored = await store.get(keyOf(runId))
  return stored?.value as unknown as RunState<Input> | undefined
}

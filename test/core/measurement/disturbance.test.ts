import { disturbance } from '../../../core/measurement'
import type { WorkloadEvent } from '../../../core/measurement'

type Kind = WorkloadEvent['kind']

/** One attempt a second, each begun half a second before it is answered. */
async function* log(...answers: readonly Kind[]): AsyncGenerator<WorkloadEvent> {
  for (const [at, kind] of answers.entries()) {
    const sequence = at + 1
    const event = (of: Kind, seconds: number): WorkloadEvent => ({
      kind: of,
      client: 0,
      sequence,
      atNs: String(BigInt(Math.round(seconds * 1e9))),
      wallMs: 0,
    })
    yield event('intent', sequence - 0.5)
    yield event(kind, sequence)
  }
}

const at = (seconds: number) => BigInt(seconds) * 1_000_000_000n
const asked = { fromNs: at(0), appliedNs: at(3), untilNs: at(100) }

it('lasts from the beginning of the first failure to the first success after the last one, whatever worked in between', async () => {
  const seen = await disturbance(
    log('acknowledged', 'unknown', 'acknowledged', 'refused', 'acknowledged', 'acknowledged'),
    asked,
  )
  expect(seen).toEqual({ acknowledged: 4, failed: 2, fromSeconds: 1.5, toSeconds: 5, sinceAppliedSeconds: 2 })
})

it('has not ended where nothing worked after the last failure', async () => {
  expect(await disturbance(log('acknowledged', 'unknown'), asked)).toBeUndefined()
})

it('is none where nothing failed', async () => {
  expect(await disturbance(log('acknowledged', 'acknowledged'), asked)).toMatchObject({ failed: 0, toSeconds: 0 })
})

it('was over before the rollback where the last failure was', async () => {
  const seen = await disturbance(log('unknown', 'acknowledged'), { ...asked, appliedNs: at(9) })
  expect(seen).toMatchObject({ toSeconds: 2, sinceAppliedSeconds: 0 })
})

it('leaves out what came before and after', async () => {
  const seen = await disturbance(log('unknown', 'acknowledged', 'unknown', 'acknowledged', 'unknown'), {
    ...asked,
    fromNs: at(2),
    untilNs: at(4),
  })
  expect(seen).toMatchObject({ acknowledged: 2, failed: 1, toSeconds: 2 })
})

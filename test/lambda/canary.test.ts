import { VirtualClock } from '../../adapters/memory/clock'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { functionEnvironment } from './environment'
import { FUNCTIONS, loadHandler } from './functions'

const CANARY = 'Maria das Dores Canarinho'

const aws = useFakeAws()
const environment = functionEnvironment()
afterAll(() => environment.remove())

const written: string[] = []
beforeEach(() => {
  Object.assign(process.env, environment.variables)
  written.length = 0
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.push(String(chunk))
      return true
    })
  }
})
afterEach(() => {
  jest.restoreAllMocks()
})

/** A run that carries the name wherever a run may carry text. */
const runWith = (state: string) => ({
  runbook: 'region-failover',
  runId: 'run-1',
  revision: 0,
  mode: 'real',
  startedBy: CANARY,
  startedAt: new Date().toISOString(),
  cursor: { state, waitSeconds: 0 },
  outcome: 'running',
  input: {
    incidentId: CANARY,
    reasonCode: CANARY,
    primary: { region: 'sa-east-1', instance: CANARY },
    replica: { region: 'eu-west-1', instance: CANARY },
  },
  steps: { [state]: { status: 'pending', attempt: 0, output: CANARY } },
})

/** Events that reach as deep as they can, and events that are refused. */
const EVENTS: readonly unknown[] = [
  ...['decide', 'claim-epoch', 'fence', 'promote', 'validate', 'switch-traffic', 'report', CANARY].map(runWith),
  { ...runWith('decide'), runbook: CANARY },
  { ...runWith('decide'), runId: CANARY },
  { instance: { region: 'eu-west-1', instance: CANARY }, key: CANARY, epoch: 1 },
  { verb: 'get', place: 'recovery', key: CANARY },
  { verb: CANARY, place: CANARY },
  { [CANARY]: CANARY },
  CANARY,
  null,
]

// The guard and the probe wait for a world that is not there: for nobody, once time passes only while they sleep.
jest.mock('../../adapters/local/clock', () => ({ systemClock: new VirtualClock(new Date()) }))

it.each(FUNCTIONS)(
  '%s writes no name it is given, neither to its log nor into what it throws',
  async (name) => {
    aws.current.breaks('dynamodb:GetItem', 'denied', 5)
    const handler = await loadHandler(name)
    const thrown: string[] = []
    for (const event of EVENTS) {
      await handler(event).catch((error: Error) =>
        thrown.push(`${error.name} ${error.message} ${error.stack} ${String(error.cause)}`),
      )
    }
    expect(thrown.length).toBeGreaterThan(0)
    expect(written.length).toBeGreaterThanOrEqual(EVENTS.length)
    expect([...written, ...thrown].filter((text) => /Maria|Dores|Canarinho/.test(text))).toEqual([])
  },
  60_000,
)

it('writes one line per invocation, as JSON with a code, a duration and the outcome', async () => {
  const handler = await loadHandler('coordination-reader')
  await handler({ verb: 'get', place: 'witness', key: 'writer-epoch' })
  expect(written).toHaveLength(1)
  expect(JSON.parse(written[0]!)).toEqual({
    at: expect.stringMatching(/^\d{4}-/),
    code: 'INVOCATION',
    step: 'coordination-reader',
    outcome: 'succeeded',
    milliseconds: expect.any(Number),
  })
})

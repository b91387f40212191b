import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { clientSettings } from '../../adapters/aws/client-settings'
import { awsDeployments } from '../../adapters/aws/deployments/aws-deployments'
import { DynamoConditionalStore } from '../../adapters/aws/dynamo-conditional-store'
import { VARIABLE } from '../../adapters/aws/environment'
import { VirtualClock } from '../../adapters/memory/clock'
import { MemoryWorld, PRIMARY } from '../../adapters/memory/world'
import { withRecoveryRegion } from '../../core/policy'
import { functionName, humanRoleName } from '../../core/policy/names'
import { rollbackResultOf } from '../../core/release/rollback-result'
import { rollbackReport } from '../../core/reporting'
import { drive } from '../../core/runbook/engine'
import type { RunState } from '../../core/runbook/model'
import { rollback } from '../../core/runbook/rollback'
import type { RollbackInput } from '../../core/runbook/rollback/input'
import { resolvePolicy } from '../../policy'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { deployPlatform, HOME, useVercel } from '../lambda/deployed-platform'
import { functionEnvironment } from '../lambda/environment'
import { loadHandler } from '../lambda/functions'
import { signedCall } from '../lambda/signed-call'
import { startRecovery, type Ended } from './recovery'
import { digestIn } from './standing'

const REASON = 'Critical bug causing data corruption'
const MACHINE = `arn:aws:states:${HOME}:1:stateMachine:rollback`
const ALIAS = `${HOME}/neonpro-api/live`
const policy = withRecoveryRegion(resolvePolicy('production'))
/** Who signs with which key. */
const PEOPLE: Readonly<Record<string, readonly [role: string, person: string]>> = {
  fake: ['operator', 'jdoe'],
  other: ['incident-commander', 'mroe'],
  commission: ['records-commission', 'rroe'],
}

// Functions are loaded anew, and the command is a process of its own.
jest.setTimeout(120_000)

const aws = useFakeAws()
const vercel = useVercel()
const environment = functionEnvironment('production')
afterAll(() => environment.remove())

let folder: string
let server: Server
/** Asks the desk as the person of a key. */
let ask: (key: string, call: unknown) => Promise<Answer>
/** So many of the next answers about how a run stands are lost. */
let lost = 0
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollback-in-aws-'))
  jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  Object.assign(process.env, environment.variables, {
    [VARIABLE.runbookMachines]: `rollback@${HOME}=${MACHINE}`,
    [VARIABLE.primaryInstance]: PRIMARY.instance,
  })
  aws.current.stepFunctions.machines.set(MACHINE, new Map())
  await deployPlatform(aws.current, vercel, policy)
  const desk = await loadHandler('desk')
  ask = async (key, call) => {
    const [role, person] = PEOPLE[key]!
    return (await desk(signedCall(humanRoleName(policy, role), person, call, policy.topology.accountId))) as Answer
  }
  lost = 0
  server = createServer((request, response) => void answering(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  aws.current.lambda.urls.set(functionName(policy, 'desk'), `http://127.0.0.1:${port}/`)

  // Two releases, of which the newer one is bad.
  await ask('fake', { operation: 'record-release', tag: 'v1.4.0' })
  aws.current.lambda.aliases.set(ALIAS, '9')
  aws.current.lambda.versions.get(`${HOME}/neonpro-api`)!.set('9', 'Active')
  await ask('fake', { operation: 'record-release', tag: 'v1.5.0' })
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})

interface Answer {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: string
}

/** What the URL of the desk does with a signed request. */
async function answering(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const [, key = ''] = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '') ?? []
  const call = JSON.parse(Buffer.concat(chunks).toString()) as { readonly operation: string }
  const { statusCode, headers, body } = await ask(key, call)
  const isLost = call.operation === 'run-status' && lost > 0
  if (isLost) lost -= 1
  if (isLost) response.destroy()
  else response.writeHead(statusCode, headers).end(body)
}

const start = (args: readonly string[], key = 'fake') =>
  startRecovery(folder, args, { environment: { RECOVERY_TARGET: 'aws', AWS_ACCESS_KEY_ID: key } })
const rolling = (...args: string[]) => ['rollback', 'production', REASON, 'full', ...args]

/** Starts the rollback that the desk plans now. */
async function applied(...args: string[]) {
  const { body } = await ask('fake', { operation: 'plan-rollback', wanted: { type: 'full' } })
  return start(rolling('--apply', (JSON.parse(body) as { digest: string }).digest, ...args))
}

interface Machine {
  /** How long after it was applied the machine begins. @default at once */
  readonly lateSeconds?: number
  readonly verdict?: MemoryWorld['verdict']
  /** What the machine waits for before its time goes on. @default nothing */
  readonly answer?: Promise<unknown>
}

/** What the machine was handed, once it was. */
async function handed(): Promise<RunState<RollbackInput>> {
  const executions = aws.current.stepFunctions.machines.get(MACHINE)!
  while (executions.size === 0) await sleep(50)
  return JSON.parse([...executions.values()].at(-1)!) as RunState<RollbackInput>
}

const runId = async (): Promise<string> => (await handed()).runId

/**
 * Drives what was handed to the machine, as its definition would: where the platform is deployed and in the journal of the
 * recovery region, over the real adapters, with a database and controls that answer at once.
 */
async function driven({ lateSeconds = 0, verdict = 'pass', answer }: Machine = {}): Promise<RunState<RollbackInput>> {
  const run = await handed()
  const around = await new MemoryWorld({ lease: policy.pace.lease, promotionSeconds: 0, ttlSeconds: 1 }).start()
  around.verdict = verdict
  const clock = new VirtualClock(new Date(Date.now() + lateSeconds * 1000))
  const storeIn = (region: string) =>
    new DynamoConditionalStore(new DynamoDBClient(clientSettings(region)), 'coordination')
  const ports = {
    ...around.ports(),
    clock: {
      now: () => clock.now(),
      monotonicMs: () => clock.monotonicMs(),
      sleep: async (ms: number) => {
        await answer
        await clock.sleep(ms)
      },
    },
    coordination: { recovery: storeIn('eu-west-1'), witness: storeIn('eu-central-1') },
    deployments: awsDeployments({ policy, region: HOME }),
  }
  return drive(rollback, ports, run)
}

/** What was written is what the run came to, whoever drove it, and names nobody. */
async function expectReported({ out }: Ended, ended: RunState<RollbackInput>): Promise<void> {
  const result = rollbackResultOf(rollback, ended)
  const path = join(folder, /report: (.*)/.exec(out)![1]!)
  const [page, document] = await Promise.all([readFile(path, 'utf8'), readFile(path.replace('.html', '.json'), 'utf8')])
  expect(JSON.parse(document)).toEqual(JSON.parse(JSON.stringify(result)))
  expect(page).toBe(rollbackReport(result))
  expect(page).toMatch(/What was put back[^]*O que foi revertido/)
  for (const secret of [REASON, 'jdoe', 'mroe', ended.startedBy])
    expect(`${page} ${document} ${out}`).not.toContain(secret)
}

it('follows a run to its end, also while the desk is away, and writes the report of a local one', async () => {
  const shown = await start(rolling()).ended
  expect(shown).toMatchObject({ code: 3, err: '', out: expect.stringContaining('1. api  9 -> 8') })
  const command = start(rolling('--apply', digestIn(shown), '--critical'))
  lost = 2
  const ended = await driven()
  const said = await command.ended
  expect([said.code, said.out]).toEqual([
    0,
    expect.stringMatching(/everything serves again after .* recorded as release 3/),
  ])
  expect(said.err).toContain('no answer (DESK_UNREACHABLE)')
  expect(said.out).toMatch(/evidence: record \d+, [0-9a-f]{64}/)
  await expectReported(said, ended)
  expect(aws.current.lambda.aliases.get(ALIAS)).toBe('8')
})

it.each<[string, Machine, 'fail' | 'inconclusive']>([
  ['later than the budget allows', { lateSeconds: policy.rollbacks.full.downtimeMinutes.atMost * 60 + 1 }, 'fail'],
  ['with data that nobody could judge', { verdict: 'inconclusive' }, 'inconclusive'],
])('ends otherwise where everything serves again %s', async (_, machine, verdict) => {
  const command = await applied('--critical', '--json')
  const ended = await driven(machine)
  const said = await command.ended
  expect([said.code, JSON.parse(said.out)]).toEqual([
    2,
    {
      ...JSON.parse(JSON.stringify(rollbackResultOf(rollback, ended))),
      report: join('.recovery', 'reports', `${ended.runId}.html`),
    },
  ])
  expect(JSON.parse(said.out)).toMatchObject({ outcome: 'succeeded', verdict })
})

it('tells of a run that stopped what it has changed, and how to go on', async () => {
  const command = await applied('--critical')
  aws.current.lambda.functions.set(`${HOME}/neonpro-api:live`, () => ({
    healthy: aws.current.lambda.aliases.get(ALIAS) !== '8',
  }))
  const ended = await driven()
  const said = await command.ended
  expect([said.code, said.out]).toEqual([1, expect.stringContaining('stopped by COMPONENT_NOT_WELL in put-back')])
  expect(said.out).toContain('this run has left nothing changed')
  expect(said.out).toMatch(/1\. put-back: In the order of the plan/)
  await expectReported(said, ended)
  expect(aws.current.lambda.aliases.get(ALIAS)).toBe('9')
})

it('tells how another person answers what a run asks, and goes on with it', async () => {
  const command = await applied()
  let answer = () => {}
  const driving = driven({ answer: new Promise<void>((resolve) => (answer = resolve)) })
  await command.said('--step approve --environment production')
  const approved = await start(['approve', await runId(), '--step', 'approve', '--environment', 'production'], 'other')
    .ended
  expect(approved).toMatchObject({ code: 0, out: expect.stringContaining('is approved') })
  answer()
  const ended = await driving
  const said = await command.ended
  expect(said.code).toBe(0)
  expect(said.err).toContain(`recovery approve ${ended.runId} --step approve`)
  await expectReported(said, ended)
})

it('gives the result of a rollback that has ended alone, to whoever may see runs', async () => {
  const command = await applied('--critical')
  const result = { operation: 'rollback-result', id: await runId() }
  expect(await ask('fake', result)).toMatchObject({ statusCode: 409, body: expect.stringContaining('RUN_UNDER_WAY') })
  await driven()
  await command.ended
  expect(await ask('other', result)).toMatchObject({ statusCode: 200 })
  expect(await ask('commission', result)).toMatchObject({ statusCode: 403 })
  expect(await ask('fake', { ...result, id: 'none' })).toMatchObject({ statusCode: 409 })
})

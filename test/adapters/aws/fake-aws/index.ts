import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FakeAccount } from './account'
import { FakeBackup } from './backup'
import { FakeCloudFormation } from './cloudformation'
import { FakeCloudWatch } from './cloudwatch'
import { FakeDynamo } from './dynamo'
import { FakeEcs } from './ecs'
import { FakeIam } from './iam'
import { FakeKms } from './kms'
import { FakeLambda } from './lambda'
import { useOneRealm } from './one-realm'
import { FakeRds } from './rds'
import { FakeS3 } from './s3'
import { FakeSecretsManager } from './secrets-manager'
import { FakeSns } from './sns'
import { FakeSsm } from './ssm'
import { FakeStepFunctions } from './step-functions'
import { FakeSts } from './sts'
import type { Call, Service } from './wire'

/**
 * - `throttle`, `denied`: the service's own refusal; nothing happens
 * - `reset`: the connection breaks before anything happens
 * - `lost-answer`: it happens, and then the connection breaks
 * - `half-answer`: it happens, half of the answer comes, and then the connection breaks
 * - `hang`: nothing happens and nothing is ever said
 * - a code: the service's error of that name
 */
export type Fault =
  | 'throttle'
  | 'denied'
  | 'reset'
  | 'lost-answer'
  | 'half-answer'
  | 'hang'
  | { readonly code: string; readonly status: number }

const REFUSALS: Readonly<Record<string, readonly [throttle: string, status: number, denied: string, status: number]>> =
  {
    backup: ['ServiceUnavailableException', 500, 'AccessDeniedException', 403],
    cloudformation: ['Throttling', 400, 'AccessDenied', 403],
    cloudtrail: ['ThrottlingException', 400, 'AccessDeniedException', 400],
    monitoring: ['ThrottlingException', 400, 'AccessDeniedException', 400],
    logs: ['ThrottlingException', 400, 'AccessDeniedException', 400],
    dynamodb: ['ThrottlingException', 400, 'AccessDeniedException', 400],
    ecs: ['ThrottlingException', 400, 'AccessDeniedException', 400],
    iam: ['Throttling', 400, 'AccessDenied', 403],
    kms: ['ThrottlingException', 400, 'AccessDeniedException', 400],
    rds: ['Throttling', 400, 'AccessDenied', 403],
    s3: ['SlowDown', 503, 'AccessDenied', 403],
    sns: ['Throttling', 400, 'AuthorizationError', 403],
    sts: ['Throttling', 400, 'AccessDenied', 403],
    states: ['ThrottlingException', 400, 'AccessDeniedException', 400],
    lambda: ['TooManyRequestsException', 429, 'AccessDeniedException', 403],
    ssm: ['ThrottlingException', 400, 'AccessDeniedException', 400],
    secretsmanager: ['ThrottlingException', 400, 'AccessDeniedException', 400],
  }

/** The AWS this project talks to, on loopback: it keeps state per region, breaks when told, and remembers every call. */
export class FakeAws {
  /** What is protected in the account; it answers for its things before the services do. */
  readonly account = new FakeAccount()
  readonly backup = new FakeBackup()
  readonly cloudFormation = new FakeCloudFormation((path) => this.s3.objects.get(path))
  readonly cloudwatch = new FakeCloudWatch()
  readonly dynamodb = new FakeDynamo()
  readonly s3 = new FakeS3()
  readonly iam = new FakeIam()
  readonly kms = new FakeKms()
  readonly rds = new FakeRds()
  readonly ecs = new FakeEcs()
  readonly lambda = new FakeLambda()
  readonly sns = new FakeSns()
  readonly stepFunctions = new FakeStepFunctions()
  readonly sts = new FakeSts()
  readonly ssm = new FakeSsm()
  readonly secretsManager = new FakeSecretsManager()
  /** By the name that requests are signed for. */
  private readonly services: Readonly<Record<string, Service>> = {
    backup: this.backup,
    cloudformation: this.cloudFormation,
    monitoring: this.cloudwatch,
    dynamodb: this.dynamodb,
    s3: this.s3,
    iam: this.iam,
    kms: this.kms,
    rds: this.rds,
    ecs: this.ecs,
    lambda: this.lambda,
    ssm: this.ssm,
    secretsmanager: this.secretsManager,
    sns: this.sns,
    sts: this.sts,
    states: this.stepFunctions,
    logs: this.account,
    cloudtrail: this.account,
  }
  readonly calls: Call[] = []
  private readonly faults: { action: string; fault: Fault; left: number }[] = []
  private server: Server | undefined

  /** Breaks the next `times` calls of an action. */
  breaks(action: string, fault: Fault, times = 1): void {
    this.faults.push({ action, fault, left: times })
  }

  /** Nothing breaks any more. */
  mends(): void {
    this.faults.length = 0
  }

  /** Starts on loopback and points the SDK of this process at itself. */
  async start(): Promise<void> {
    this.server = createServer((request, response) => void this.serve(request, response))
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve))
    const { port } = this.server.address() as AddressInfo
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'fake',
      AWS_SECRET_ACCESS_KEY: 'fake',
    })
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections()
    await new Promise((resolve) => this.server?.close(resolve))
  }

  callsOf(action: string): Call[] {
    return this.calls.filter((call) => call.action === action)
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const [, region = '', name = ''] =
      /\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(request.headers.authorization ?? '') ?? []
    const seen = {
      service: name,
      region,
      method: request.method ?? '',
      url: new URL(request.url ?? '/', 'http://127.0.0.1'),
      headers: request.headers as Record<string, string | undefined>,
      body: Buffer.concat(chunks).toString('utf8'),
      bytes: Buffer.concat(chunks),
    }
    const ofAccount = this.account.action(seen)
    const service = ofAccount ? this.account : this.services[name]
    if (!service) throw new Error(`the fake has no service '${name}'`)
    const call = { ...seen, action: ofAccount || service.action(seen) }
    this.calls.push(call)
    const planned = this.faults.find(({ action, left }) => action === call.action && left > 0)
    if (planned) planned.left -= 1
    const fault = planned?.fault
    if (fault === 'hang') return
    if (fault === 'reset') return void request.socket.destroy()
    const answer = this.refusal(service, name, fault) ?? (await service.answer(call))
    if (fault === 'lost-answer') return void request.socket.destroy()
    if (fault === 'half-answer') {
      const whole = Buffer.from(answer.body)
      response.writeHead(answer.status, { ...answer.headers, 'content-length': String(whole.length) })
      return void response.write(whole.subarray(0, whole.length / 2), () => request.socket.destroy())
    }
    response.writeHead(answer.status, { ...answer.headers, 'x-amzn-requestid': 'fake' }).end(answer.body)
  }

  private refusal(service: Service, name: string, fault: Fault | undefined) {
    const [throttle, throttleStatus, denied, deniedStatus] = REFUSALS[name]!
    if (fault === 'throttle') return service.error(throttle, throttleStatus)
    if (fault === 'denied') return service.error(denied, deniedStatus)
    return typeof fault === 'object' ? service.error(fault.code, fault.status) : undefined
  }
}

/** A fake for the tests of one file, new for each test. */
export function useFakeAws(): { current: FakeAws } {
  useOneRealm()
  const holder = { current: new FakeAws() }
  beforeEach(async () => {
    holder.current = new FakeAws()
    await holder.current.start()
  })
  afterEach(async () => holder.current.stop())
  return holder
}

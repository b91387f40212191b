import { join } from 'node:path'
import { freePort } from '../adapters/local/loopback'
import { emulatorEnvironment, type Endpoints } from './loopback'
import { ProgramGroup } from './process-group'
import { pythonTool } from './python-tools'
import { requireHeldBack, rollIn } from './roll'

export interface Emulators {
  readonly endpoints: Endpoints
  /** What a process needs to speak to them. */
  environment(region: string): Record<string, string>
  /** Forgets everything that was created. */
  reset(): Promise<void>
  stop(): Promise<void>
}

/** Starts MiniStack and moto on free ports of 127.0.0.1 as one account; `folder` receives their logs. */
export async function startEmulators(accountId: string, folder: string, nameServer: string): Promise<Emulators> {
  const [ministackPort, motoPort] = [await freePort(), await freePort()]
  const endpoints = { ministack: `http://127.0.0.1:${ministackPort}`, moto: `http://127.0.0.1:${motoPort}`, nameServer }
  const environment = (region: string) => ({
    ...emulatorEnvironment(endpoints, accountId, region),
    LOOPBACK_ROLL: rollIn(folder),
  })
  const ministack = new ProgramGroup({
    command: await pythonTool('ministack'),
    log: join(folder, 'ministack.log'),
    folder,
    environment: {
      // What its Lambda functions inherit: the endpoints, and no way out.
      ...environment('us-east-1'),
      MINISTACK_ACCOUNT_ID: accountId,
      MINISTACK_HOST: '127.0.0.1',
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(ministackPort),
      LAMBDA_EXECUTOR: 'local',
      PERSIST_STATE: '0',
      // Both listen on every interface unless they are off.
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
    },
  })
  const moto = new ProgramGroup({
    command: await pythonTool('moto_server'),
    args: ['-H', '127.0.0.1', '-p', String(motoPort)],
    log: join(folder, 'moto.log'),
    folder,
    environment: { ...environment('us-east-1'), MOTO_ACCOUNT_ID: accountId },
  })
  const stop = async () => void (await Promise.all([ministack.stop(), moto.stop()]))
  try {
    await ministack.answering(`${endpoints.ministack}/_ministack/health`)
    await moto.answering(`${endpoints.moto}/moto-api/data.json`)
    await requireHeldBack(folder, ['python ministack', 'python moto_server'])
  } catch (error) {
    await stop()
    throw error
  }
  const reset = async () => {
    await post(`${endpoints.ministack}/_ministack/reset`)
    await post(`${endpoints.moto}/moto-api/reset`)
  }
  return { endpoints, environment, reset, stop }
}

async function post(url: string): Promise<void> {
  const { ok, status } = await fetch(url, { method: 'POST' })
  if (!ok) throw new Error(`${url} answered ${status}`)
}

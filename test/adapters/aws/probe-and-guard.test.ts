import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Client } from 'pg'
import { probe, sample } from '../../../adapters/net/http-probe'
import { keepGuard, keepGuards } from '../../../adapters/aws/region-guard'
import type { Clock } from '../../../core/ports/clock'

/** Time that passes only while somebody sleeps. */
const virtualClock = (): Clock & { readonly slept: number[] } => {
  let ms = 0
  const slept: number[] = []
  return {
    slept,
    now: () => new Date(ms),
    monotonicMs: () => ms,
    sleep: async (wait) => {
      slept.push(wait)
      ms += wait
    },
  }
}

describe('probe', () => {
  const pace = { probeEverySeconds: 10, probeTimeoutSeconds: 15, consecutiveFailures: 3 }
  let server: Server
  let requests: number
  const serve = async (listener: RequestListener): Promise<string> => {
    requests = 0
    server = createServer((request, response) => {
      requests += 1
      listener(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`
  }
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  it('is up at the first good answer', async () => {
    const url = await serve((_, response) => response.writeHead(204).end())
    expect(await probe(url, pace, virtualClock())).toMatchObject({ verdict: 'up' })
    expect(requests).toBe(1)
  })

  it('is down only after as many failures in a row as the policy says, and says since when', async () => {
    const url = await serve((_, response) => response.writeHead(503).end())
    const clock = virtualClock()
    expect(await probe(url, pace, clock)).toEqual({
      verdict: 'down',
      since: new Date(0).toISOString(),
      observedAt: new Date(20_000).toISOString(),
    })
    expect(requests).toBe(3)
  })

  it('forgets failures when one attempt succeeds', async () => {
    const url = await serve((_, response) => response.writeHead(requests < 3 ? 500 : 200).end())
    expect((await probe(url, pace, virtualClock())).verdict).toBe('up')
  })

  it('counts every attempt of a crowd, where a failure between two good answers is one', async () => {
    const url = await serve((_, response) => response.writeHead(requests % 10 < 7 ? 503 : 200).end())
    const clock = virtualClock()
    expect(await sample(url, { attempts: 40, everySeconds: 1 }, 10, clock)).toEqual({ asked: 40, answered: 12 })
    expect([requests, clock.slept.length, new Set(clock.slept)]).toEqual([40, 39, new Set([1000])])
  })

  it.each([301, 404, 500])('counts an answer of %d as one that serves nobody', async (status) => {
    const url = await serve((_, response) => response.writeHead(status).end())
    expect(await sample(url, { attempts: 2, everySeconds: 1 }, 0.2, virtualClock())).toEqual({ asked: 2, answered: 0 })
  })

  it('counts a name that nobody resolves, as clients have to', async () => {
    await serve(() => undefined)
    const url = 'http://nowhere.invalid/health'
    expect((await sample(url, { attempts: 1, everySeconds: 1 }, 2, virtualClock())).answered).toBe(0)
  })

  it('calls silence and a broken connection down', async () => {
    const silent = await serve(() => undefined)
    const impatient = { ...pace, consecutiveFailures: 1, probeTimeoutSeconds: 0.2 }
    expect((await probe(silent, impatient, virtualClock())).verdict).toBe('down')
    server.closeAllConnections()
    server.close()
    const broken = await serve((request) => request.socket.destroy())
    expect((await probe(broken, { ...pace, consecutiveFailures: 1 }, virtualClock())).verdict).toBe('down')
  })

  it('calls a page that moved unknown: that is our mistake, not an outage', async () => {
    const url = await serve((_, response) => response.writeHead(404).end())
    expect((await probe(url, pace, virtualClock())).verdict).toBe('unknown')
  })
})

describe('keepGuard', () => {
  const session = {} as Client
  const shift = { workForMs: 55_000, renewEveryMs: 10_000, connect: async () => session, disconnect: () => undefined }

  it('renews at its pace until its working time is over', async () => {
    const clock = virtualClock()
    expect(await keepGuard({ ...shift, cycle: async () => 'renew' }, clock)).toEqual({ renew: 6 })
    expect(clock.slept).toEqual([10_000, 10_000, 10_000, 10_000, 10_000])
  })

  it('does not add the time a cycle takes to the time between two', async () => {
    const clock = virtualClock()
    const cycle = async () => {
      await clock.sleep(4_000)
      return 'renew'
    }
    expect(await keepGuard({ ...shift, cycle }, clock)).toEqual({ renew: 6 })
  })

  it('opens a new session after a failure and goes on, and leaves none open', async () => {
    let opened = 0
    let closed = 0
    let cycles = 0
    const decided = await keepGuard(
      {
        ...shift,
        connect: async () => {
          opened += 1
          return session
        },
        disconnect: () => void (closed += 1),
        cycle: async () => {
          cycles += 1
          if (cycles === 2) throw new Error('gone')
          return 'renew'
        },
      },
      virtualClock(),
    )
    expect(decided).toEqual({ renew: 5, failed: 1 })
    expect([opened, closed]).toEqual([2, 2])
  })

  it('keeps several databases side by side, and counts their decisions together', async () => {
    const clock = virtualClock()
    const away = {
      ...shift,
      connect: async (): Promise<never> => {
        throw new Error('away')
      },
      cycle: async () => 'never',
    }
    const kept = { ...shift, cycle: async () => 'renew' }
    const decided = await keepGuards([away, kept, { ...shift, cycle: async () => 'wait' }], clock)
    expect(decided['renew']).toBeGreaterThan(0)
    expect(Object.keys(decided).toSorted()).toEqual(['failed', 'renew', 'wait'])
  })

  it('lets no database wait for those that are looked up first, and counts a look that failed', async () => {
    const kept = { ...shift, cycle: async () => 'renew' }
    const found = { ...shift, cycle: async () => 'wait' }
    expect(await keepGuards([kept], virtualClock(), async () => [found])).toHaveProperty('wait')
    const decided = await keepGuards([kept], virtualClock(), () => Promise.reject(new Error('away')))
    expect(decided).toEqual({ renew: 6, failed: 1 })
  })

  it('counts a database that cannot be reached as failed, cycle after cycle', async () => {
    expect(
      await keepGuard(
        { ...shift, connect: () => Promise.reject(new Error('down')), cycle: async () => 'renew' },
        virtualClock(),
      ),
    ).toEqual({ failed: 6 })
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { connect, destroy, sqlState, type Endpoint, type Login } from '../postgres/connect'
import { FENCE_ROLE } from '../postgres/guard-schema'

/** One attempt to write through the old primary after the failover. Anything but `refused` is a split brain or no proof. */
export interface OldPrimaryAttempt {
  readonly path: 'resumed-session' | 'cached-address' | 'direct-endpoint' | 'restarted-server'
  readonly role: string
  readonly outcome: 'refused' | 'accepted' | 'unanswered'
  /** SQLSTATE, or how the connection ended. */
  readonly code: string
}

/** A session that was open, and had written, before the fault. */
export interface OldSession {
  readonly role: string
  readonly client: Client
}

const WRITE = `insert into clinic.consents (patient_id, purpose, given_at) values (1, 'written through the old primary', now())`

/** Opens one session per role that may log in, as an application would have left them open. */
export async function openSessions(
  endpoint: Endpoint,
  logins: readonly Login[],
  deadlineMs: number,
): Promise<OldSession[]> {
  return Promise.all(
    logins.map(async (login) => {
      const client = await connect(endpoint, login, deadlineMs)
      await client.query('select')
      return { role: login.user, client }
    }),
  )
}

export interface OldPrimaryTarget {
  readonly sessions: readonly OldSession[]
  /** What a client had resolved and kept before the fault. */
  readonly cached: Endpoint
  readonly direct: Endpoint
  readonly logins: readonly Login[]
  readonly deadlineMs: number
  /** Starts the old server again, where its control plane has made that impossible. @default it is not tried */
  readonly restart?: () => Promise<void>
}

/** Tries every way a stale client has. One after the other, so that each answer belongs to one attempt. */
export async function tryOldPrimary(target: OldPrimaryTarget): Promise<OldPrimaryAttempt[]> {
  const { sessions, cached, direct, logins, deadlineMs } = target
  const attempts: OldPrimaryAttempt[] = []
  for (const { role, client } of sessions) {
    attempts.push({ path: 'resumed-session', role, ...(await judge(() => client.query(WRITE), deadlineMs)) })
    destroy(client)
  }
  for (const [path, endpoint] of [
    ['cached-address', cached],
    ['direct-endpoint', direct],
  ] as const) {
    for (const login of logins) {
      attempts.push({
        path,
        role: login.user,
        ...(await judge(() => writeOnce(endpoint, login, deadlineMs), deadlineMs)),
      })
    }
  }
  if (target.restart)
    attempts.push({ path: 'restarted-server', role: FENCE_ROLE, ...(await judge(target.restart, deadlineMs)) })
  return attempts
}

async function writeOnce(endpoint: Endpoint, login: Login, deadlineMs: number): Promise<void> {
  const client = await connect(endpoint, login, deadlineMs)
  try {
    await client.query(WRITE)
  } finally {
    destroy(client)
  }
}

async function judge(
  write: () => Promise<unknown>,
  deadlineMs: number,
): Promise<Pick<OldPrimaryAttempt, 'outcome' | 'code'>> {
  const given = new AbortController()
  const tooLate = sleep(2 * deadlineMs, undefined, { signal: given.signal }).then(
    () => ({ outcome: 'unanswered', code: 'DEADLINE' }) as const,
    () => ({ outcome: 'unanswered', code: 'DEADLINE' }) as const,
  )
  const answer = write().then(
    () => ({ outcome: 'accepted', code: '00000' }) as const,
    (error: unknown) => ({ outcome: 'refused', code: refusal(error) }) as const,
  )
  const first = await Promise.race([answer, tooLate])
  given.abort()
  return first
}

/** A server that is gone refuses as surely as one that says no: nothing can have been committed there. */
function refusal(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string }
  return (
    sqlState(error) ?? code ?? (/terminated|closed|not queryable/i.test(message ?? '') ? 'SESSION_ENDED' : 'NO_SESSION')
  )
}

import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import * as z from 'zod/mini'
import type { Obstacle } from '../../../core/ports/deployments'
import { PortError, type PortFailure } from '../../../core/ports/errors'
import { CALL_MS, within } from '../client-settings'
import { asking } from '../failures'
import { gone, type Of, type PlaceOf } from './kind'

/** https://vercel.com/docs/rest-api */
export const VERCEL_API = 'https://api.vercel.com'

const id = z.string().check(z.regex(/^[\w-]{1,80}$/))
/** https://vercel.com/docs/rest-api/projects/find-a-project-by-id-or-name */
const project = z.object({
  id,
  targets: z.optional(
    z.object({
      production: z.nullish(
        z.object({
          id,
          readyState: z.optional(z.string()),
          aliasAssigned: z.nullish(z.union([z.number(), z.boolean()])),
        }),
      ),
    }),
  ),
  lastAliasRequest: z.nullish(z.object({ jobStatus: z.string(), toDeploymentId: z.string() })),
})
/** https://vercel.com/docs/rest-api/deployments/get-a-deployment-by-id-or-url */
const deployment = z.object({
  id,
  projectId: z.optional(z.string()),
  readyState: z.string(),
  target: z.nullish(z.string()),
})

/** A request for other aliases that Vercel has not carried out yet. */
const UNDER_WAY = new Set(['pending', 'in-progress'])

/**
 * Front ends at Vercel. Every deployment stays as it was built, and going back points the production domains to it
 * (https://vercel.com/docs/rest-api/projects/point-production-traffic-to-a-given-deployment). Promotion is asked for in both
 * directions, so that what undoes a rollback is the same call; it builds nothing, and is carried out some seconds later.
 */
export class VercelDeployments implements PlaceOf<'deployment'> {
  constructor(
    private readonly secrets: SecretsManagerClient,
    private readonly api: string = VERCEL_API,
  ) {}

  async inForce(component: Of<'deployment'>): Promise<string | undefined> {
    return (await this.project(component)).targets?.production?.id
  }

  async obstacle(component: Of<'deployment'>, to: string): Promise<Obstacle | undefined> {
    if (!id.safeParse(to).success) return gone(component, to)
    const [owner, found] = await Promise.all([
      this.project(component),
      this.ask(component, 'GET', `/v13/deployments/${to}`),
    ])
    const held = found === undefined ? undefined : formOf(deployment, found)
    // A preview was built with other settings: pointed to, it would serve patients with those.
    const isOurs = held?.projectId === owner.id && held.target === 'production' && held.readyState === 'READY'
    return isOurs ? undefined : gone(component, to)
  }

  async put(component: Of<'deployment'>, to: string): Promise<void> {
    const { id: owner, lastAliasRequest } = await this.project(component)
    const underWay = lastAliasRequest && UNDER_WAY.has(lastAliasRequest.jobStatus)
    if (underWay && lastAliasRequest.toDeploymentId === to) return
    if (underWay)
      throw new PortError(
        'conflict',
        'PROMOTION_UNDER_WAY',
        `'${component.project}' is on its way to ${lastAliasRequest.toDeploymentId}; wait until it is there`,
      )
    if ((await this.ask(component, 'POST', `/v10/projects/${owner}/promote/${to}`)) === undefined)
      throw new PortError('conflict', 'VERSION_GONE', `Vercel holds no deployment ${to} of '${component.project}'`)
  }

  async serves(component: Of<'deployment'>): Promise<boolean> {
    const production = (await this.project(component)).targets?.production
    return production?.readyState === 'READY' && Boolean(production.aliasAssigned)
  }

  private async project(component: Of<'deployment'>): Promise<z.infer<typeof project>> {
    const found = await this.ask(component, 'GET', `/v9/projects/${encodeURIComponent(component.project)}`)
    if (found !== undefined) return formOf(project, found)
    throw new PortError('invalid', 'PROJECT_MISSING', `Vercel knows no project '${component.project}' of this team`)
  }

  /** Undefined where Vercel knows nothing of that name. What it says in words goes nowhere: it may repeat what was sent. */
  private async ask({ team, tokenSecret }: Of<'deployment'>, method: 'GET' | 'POST', path: string): Promise<unknown> {
    const token = await this.token(tokenSecret)
    const url = new URL(path, this.api)
    url.searchParams.set('slug', team)
    const answer = await answerOf(url, method, token)
    if (answer.status === 404) return undefined
    if (answer.ok) return answer.body
    throw new PortError(
      failureOf(answer.status),
      `VERCEL_${answer.status}`,
      `Vercel refused ${method} ${path} with ${answer.status}`,
    )
  }

  private async token(name: string): Promise<string> {
    const { SecretString } = await asking('reading the token of Vercel', () =>
      this.secrets.send(new GetSecretValueCommand({ SecretId: name }), within(CALL_MS)),
    )
    const token = SecretString?.trim()
    if (token) return token
    throw new PortError('invalid', 'VERCEL_TOKEN_EMPTY', `the secret '${name}' holds no token`)
  }
}

async function answerOf(url: URL, method: string, token: string) {
  try {
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      // The token goes to Vercel and nowhere else.
      redirect: 'error',
      signal: AbortSignal.timeout(CALL_MS),
    })
    const text = await response.text()
    const { status, ok } = response
    // A refusal is told by its status: what stands before the API refuses in prose.
    return { status, ok, body: ok && text !== '' ? (JSON.parse(text) as unknown) : {} }
  } catch {
    // Without its cause, which may hold the request with the token in it.
    throw new PortError('unreachable', 'VERCEL_UNREACHABLE', `Vercel gave no answer to ${method} ${url.pathname}`)
  }
}

/** https://vercel.com/docs/rest-api/errors */
function failureOf(status: number): PortFailure {
  if (status === 401 || status === 402 || status === 403) return 'denied'
  if (status === 409) return 'conflict'
  if (status === 429) return 'throttled'
  return status >= 500 ? 'unreachable' : 'invalid'
}

function formOf<T>(form: z.ZodMiniType<T>, answer: unknown): T {
  const parsed = z.safeParse(form, answer)
  if (parsed.success) return parsed.data
  throw new PortError('invalid', 'VERCEL_ANSWER', 'Vercel answers in another form than its reference says')
}

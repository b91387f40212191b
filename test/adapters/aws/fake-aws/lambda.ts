import { json, type Answer, type Call, type Service } from './wire'

/** Functions and aliases by region and name. A function that throws answers as Lambda does: 200, with an error header. */
export class FakeLambda implements Service {
  readonly functions = new Map<string, (payload: unknown) => unknown>()
  /** Version behind `region/function/alias`. */
  readonly aliases = new Map<string, string>()

  /** Shares of other versions in the calls of an alias, by the same key. */
  readonly weights = new Map<string, Record<string, number>>()
  /** States of the published versions of `region/function`. @default any version that is named exists */
  readonly versions = new Map<string, Map<string, string>>()
  private readonly revisions = new Map<string, number>()

  /** URLs by the name of the function. */
  readonly urls = new Map<string, string>()

  action({ method, url }: Omit<Call, 'action'>): string {
    if (url.pathname.endsWith('/url')) return 'lambda:GetFunctionUrlConfig'
    if (url.pathname.endsWith('/configuration')) return 'lambda:GetFunctionConfiguration'
    if (!url.pathname.includes('/aliases/')) return 'lambda:InvokeFunction'
    return method === 'GET' ? 'lambda:GetAlias' : 'lambda:UpdateAlias'
  }

  error = (code: string, status = 400): Answer => ({
    ...json({ message: code, Type: 'User' }, status),
    headers: { 'x-amzn-errortype': code },
  })

  async answer(call: Call): Promise<Answer> {
    const { url, region, body } = call
    if (call.action === 'lambda:GetFunctionUrlConfig') return this.urlOf(url.pathname.split('/').at(-2) ?? '')
    const [, , , name = '', , alias] = url.pathname.split('/').map(decodeURIComponent)
    if (alias !== undefined) return this.alias(`${region}/${name}/${alias}`, call)
    if (call.action === 'lambda:GetFunctionConfiguration') return this.configuration(`${region}/${name}`, call)
    const run = this.functions.get(`${region}/${name}`)
    if (!run) return this.error('ResourceNotFoundException', 404)
    try {
      return json((await run(JSON.parse(body))) ?? null)
    } catch (error) {
      const errorMessage = error instanceof Error ? error.message : 'failed'
      return { ...json({ errorMessage }), headers: { 'x-amz-function-error': 'Unhandled' } }
    }
  }

  private urlOf(name: string): Answer {
    const url = this.urls.get(name)
    return url === undefined
      ? this.error('ResourceNotFoundException', 404)
      : json({ FunctionUrl: url, AuthType: 'AWS_IAM' })
  }

  private configuration(key: string, { url }: Call): Answer {
    const version = url.searchParams.get('Qualifier') ?? '$LATEST'
    const state = this.versions.get(key)?.get(version)
    return state === undefined ? this.error('ResourceNotFoundException', 404) : json({ Version: version, State: state })
  }

  private alias(key: string, { method, body }: Call): Answer {
    const version = this.aliases.get(key)
    if (version === undefined) return this.error('ResourceNotFoundException', 404)
    const revision = this.revisions.get(key) ?? 1
    if (method !== 'GET') {
      const asked = JSON.parse(body) as AliasChange
      if (asked.RevisionId !== undefined && asked.RevisionId !== `revision-${revision}`)
        return this.error('PreconditionFailedException', 412)
      const known = this.versions.get(key.slice(0, key.lastIndexOf('/')))
      if (known && asked.FunctionVersion !== undefined && !known.has(asked.FunctionVersion))
        return this.error('ResourceNotFoundException', 404)
      this.aliases.set(key, asked.FunctionVersion ?? version)
      if (asked.RoutingConfig) this.weights.set(key, asked.RoutingConfig.AdditionalVersionWeights ?? {})
      this.revisions.set(key, revision + 1)
    }
    return json({
      FunctionVersion: this.aliases.get(key),
      RevisionId: `revision-${this.revisions.get(key) ?? 1}`,
      RoutingConfig: { AdditionalVersionWeights: this.weights.get(key) ?? {} },
    })
  }
}

interface AliasChange {
  readonly FunctionVersion?: string
  readonly RevisionId?: string
  readonly RoutingConfig?: { readonly AdditionalVersionWeights?: Record<string, number> }
}

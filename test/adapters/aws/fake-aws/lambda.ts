import { json, type Answer, type Call, type Service } from './wire'

/** Functions and aliases by region and name. A function that throws answers as Lambda does: 200, with an error header. */
export class FakeLambda implements Service {
  readonly functions = new Map<string, (payload: unknown) => unknown>()
  /** Version behind `region/function/alias`. */
  readonly aliases = new Map<string, string>()

  /** URLs by the name of the function. */
  readonly urls = new Map<string, string>()

  action({ method, url }: Omit<Call, 'action'>): string {
    if (url.pathname.endsWith('/url')) return 'lambda:GetFunctionUrlConfig'
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

  private alias(key: string, { method, body }: Call): Answer {
    const version = this.aliases.get(key)
    if (version === undefined) return this.error('ResourceNotFoundException', 404)
    if (method !== 'GET')
      this.aliases.set(key, (JSON.parse(body) as { FunctionVersion?: string }).FunctionVersion ?? version)
    return json({ FunctionVersion: this.aliases.get(key) })
  }
}

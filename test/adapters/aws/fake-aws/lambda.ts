import { json, type Answer, type Call, type Service } from './wire'

/** Functions by region and name. One that throws answers as Lambda does: 200, with an error header. */
export class FakeLambda implements Service {
  readonly functions = new Map<string, (payload: unknown) => unknown>()

  action = () => 'lambda:InvokeFunction'

  error = (code: string, status = 400): Answer => ({
    ...json({ message: code, Type: 'User' }, status),
    headers: { 'x-amzn-errortype': code },
  })

  async answer({ url, region, body }: Call): Promise<Answer> {
    const name = decodeURIComponent(url.pathname.split('/')[3] ?? '')
    const run = this.functions.get(`${region}/${name}`)
    if (!run) return this.error('ResourceNotFoundException', 404)
    try {
      return json((await run(JSON.parse(body))) ?? null)
    } catch {
      return { ...json({ errorMessage: 'failed' }), headers: { 'x-amz-function-error': 'Unhandled' } }
    }
  }
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Deployment {
  readonly projectId: string
  readonly target: 'production' | null
  readyState: string
}
interface Project {
  readonly id: string
  readonly name: string
  production: string | null
  lastAliasRequest: { jobStatus: string; readonly fromDeploymentId: string; readonly toDeploymentId: string } | null
}
interface Asked {
  readonly method: string
  readonly path: string
  readonly team: string | null
  readonly authorization: string | undefined
}
export type VercelFault = number | 'reset' | 'lost-answer' | 'elsewhere' | 'prose' | 'refusing-prose'

/**
 * The part of Vercel's API that is used here, on loopback, as its reference says (https://vercel.com/docs/rest-api): it knows
 * its token and team, keeps state, and points domains some time after it was asked to.
 */
export class FakeVercel {
  readonly projects = new Map<string, Project>()
  readonly deployments = new Map<string, Deployment>()
  readonly asked: Asked[] = []
  /** Promotions that were carried out. */
  promoted = 0
  private readonly faults: { readonly fault: VercelFault; readonly method: string }[] = []
  private server: Server | undefined

  constructor(
    private readonly token: string,
    private readonly team: string,
  ) {}

  /** Breaks the next call of a method. */
  breaks(fault: VercelFault, method = 'GET'): void {
    this.faults.push({ fault, method })
  }

  /** Carries out what was asked for. */
  settle(): void {
    for (const project of this.projects.values()) {
      const { lastAliasRequest } = project
      if (lastAliasRequest?.jobStatus !== 'in-progress') continue
      lastAliasRequest.jobStatus = 'succeeded'
      project.production = lastAliasRequest.toDeploymentId
      this.promoted += 1
    }
  }

  async start(): Promise<string> {
    this.server = createServer((request, response) => this.serve(request, response))
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections()
    await new Promise((resolve) => this.server?.close(resolve))
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const { authorization } = request.headers
    const method = request.method ?? ''
    this.asked.push({ method, path: url.pathname, team: url.searchParams.get('slug'), authorization })
    const planned = this.faults.findIndex((one) => one.method === method)
    const fault = planned < 0 ? undefined : this.faults.splice(planned, 1)[0]?.fault
    if (fault === 'reset') return void request.socket.destroy()
    if (fault === 'elsewhere') return void response.writeHead(302, { location: request.url }).end()
    if (fault === 'prose') return void response.writeHead(200).end(`<html>${authorization}</html>`)
    // As what stands before the API says it.
    if (fault === 'refusing-prose') return void response.writeHead(403).end(`<html>${authorization}</html>`)
    const [status, body] =
      typeof fault === 'number'
        ? // The words of an error may repeat the request.
          [fault, { error: { code: 'refused', message: `the token ${authorization} is refused` } }]
        : this.answer(method, url, authorization)
    if (fault === 'lost-answer') return void request.socket.destroy()
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(body === undefined ? '' : JSON.stringify(body))
  }

  private answer(method: string, url: URL, authorization: string | undefined): [number, object?] {
    if (authorization !== `Bearer ${this.token}`) return [403, { error: { code: 'forbidden' } }]
    if (url.searchParams.get('slug') !== this.team) return [403, { error: { code: 'forbidden' } }]
    const missing: [number, object] = [404, { error: { code: 'not_found' } }]
    const [, version, kind, name = '', verb, to = ''] = url.pathname.split('/').map(decodeURIComponent)
    if (kind === 'deployments' && version === 'v13' && method === 'GET') {
      const found = this.deployments.get(name)
      return found ? [200, { id: name, ...found }] : missing
    }
    const project = [...this.projects.values()].find((one) => one.id === name || one.name === name)
    if (kind !== 'projects' || !project) return missing
    if (method === 'GET' && version === 'v9' && verb === undefined) return [200, this.described(project)]
    if (method === 'POST' && version === 'v10' && verb === 'promote') return this.promote(project, to)
    return missing
  }

  private described({ id, name, production, lastAliasRequest }: Project): object {
    const held = production === null ? undefined : this.deployments.get(production)
    return {
      id,
      name,
      targets: {
        production: held ? { id: production, readyState: held.readyState, aliasAssigned: 1_700_000_000_000 } : null,
      },
      lastAliasRequest,
    }
  }

  private promote(project: Project, to: string): [number, object?] {
    const found = this.deployments.get(to)
    if (!found || found.projectId !== project.id) return [404, { error: { code: 'not_found' } }]
    if (project.lastAliasRequest?.jobStatus === 'in-progress') return [409, { error: { code: 'conflict' } }]
    project.lastAliasRequest = {
      jobStatus: 'in-progress',
      fromDeploymentId: project.production ?? '',
      toDeploymentId: to,
    }
    return [202]
  }
}

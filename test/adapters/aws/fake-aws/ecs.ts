import { json, type Call, type Service } from './wire'

export interface FakeEcsService {
  desiredCount: number
  runningCount: number
}

/** Services by cluster and name. Tasks start when the test lets them. */
export class FakeEcs implements Service {
  readonly services = new Map<string, FakeEcsService>()

  action = ({ headers }: Omit<Call, 'action'>) => `ecs:${headers['x-amz-target']?.split('.')[1] ?? ''}`

  error = (code: string, status = 400) => json({ __type: code, message: code }, status)

  answer({ action, body }: Call) {
    const request = JSON.parse(body) as {
      cluster: string
      service?: string
      services?: string[]
      desiredCount?: number
    }
    const name = request.service ?? request.services?.[0] ?? ''
    const service = this.services.get(`${request.cluster}/${name}`)
    if (action === 'ecs:UpdateService') {
      if (!service) return this.error('ServiceNotFoundException')
      service.desiredCount = request.desiredCount ?? service.desiredCount
      return json({ service: { serviceName: name } })
    }
    // A service that is not there is no error to ECS, but a list without it.
    if (!service) return json({ services: [], failures: [{ reason: 'MISSING' }] })
    return json({ services: [{ serviceName: name, status: 'ACTIVE', ...service }], failures: [] })
  }
}

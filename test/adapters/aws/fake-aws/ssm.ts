import { json, type Call, type Service } from './wire'

interface Version {
  readonly Name: string
  readonly Type: string
  readonly Value: string
  readonly Version: number
  readonly LastModifiedDate: number
  readonly KeyId?: string
}

interface Request {
  readonly Name?: string
  readonly Path?: string
  readonly Type?: string
  readonly Value?: string
  readonly KeyId?: string
  readonly Overwrite?: boolean
  readonly WithDecryption?: boolean
  readonly NextToken?: string
}

/** Parameters of each region with their history. SecureString values come in clear only with `WithDecryption`. */
export class FakeSsm implements Service {
  private readonly regions = new Map<string, Map<string, Version[]>>()
  /** The largest pages of the real service (API reference). */
  private static readonly PAGE = { 'ssm:GetParametersByPath': 10, 'ssm:GetParameterHistory': 50 } as const

  action = ({ headers }: Omit<Call, 'action'>) => `ssm:${headers['x-amz-target']?.split('.')[1] ?? ''}`

  error = (code: string, status = 400) => json({ __type: code, message: code }, status)

  answer({ action, body, region }: Call) {
    const request = JSON.parse(body) as Request
    const parameters = this.regions.get(region) ?? new Map<string, Version[]>()
    this.regions.set(region, parameters)
    const name = request.Name ?? ''
    switch (action) {
      case 'ssm:PutParameter': {
        const held = parameters.get(name) ?? []
        if (held.length > 0 && !request.Overwrite) return this.error('ParameterAlreadyExists')
        const version = {
          Name: name,
          Type: request.Type ?? 'String',
          Value: request.Value ?? '',
          Version: held.length + 1,
          LastModifiedDate: Date.now() / 1000,
          ...(request.KeyId !== undefined && { KeyId: request.KeyId }),
        }
        parameters.set(name, [...held, version])
        return json({ Version: version.Version })
      }
      case 'ssm:DeleteParameter':
        return parameters.delete(name) ? json({}) : this.error('ParameterNotFound')
      case 'ssm:GetParameterHistory': {
        const held = parameters.get(name)
        return held ? this.page(action, held, request) : this.error('ParameterNotFound')
      }
      case 'ssm:GetParametersByPath': {
        const path = `${request.Path ?? ''}/`
        const found = [...parameters.values()].flatMap((versions) => versions.slice(-1))
        const below = found.filter((parameter) => parameter.Name.startsWith(path))
        return this.page(action, below, request)
      }
      default:
        return this.error('UnknownOperationException')
    }
  }

  private page(action: keyof typeof FakeSsm.PAGE, found: readonly Version[], request: Request) {
    const from = Number(request.NextToken ?? 0)
    const to = from + FakeSsm.PAGE[action]
    const clear = request.WithDecryption === true
    return json({
      Parameters: found
        .slice(from, to)
        .map((version) => (version.Type === 'SecureString' && !clear ? { ...version, Value: 'ciphertext' } : version)),
      ...(found.length > to && { NextToken: String(to) }),
    })
  }
}

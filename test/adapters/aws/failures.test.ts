import { asking, isException } from '../../../adapters/aws/failures'
import { PortError, type PortFailure } from '../../../core/ports/errors'

const awsError = (name: string, httpStatusCode = 400): Error =>
  Object.assign(new Error('message of AWS'), { name, $metadata: { httpStatusCode } })
const systemError = (code: string): Error => Object.assign(new Error('message of Node'), { code })
const failing = (error: Error) => asking('reading', () => Promise.reject(error))

describe('failures of AWS in the terms of a port', () => {
  const cases: [Error, PortFailure][] = [
    [awsError('ThrottlingException'), 'throttled'],
    [awsError('Throttling'), 'throttled'],
    [awsError('ProvisionedThroughputExceededException'), 'throttled'],
    [awsError('TooManyRequestsException', 429), 'throttled'],
    [awsError('SlowDown', 503), 'throttled'],
    [awsError('KMSThrottlingException'), 'throttled'],
    [awsError('KmsThrottlingException'), 'throttled'],
    [awsError('TooManyUpdates'), 'throttled'],
    [awsError('ConditionalRequestConflict', 409), 'throttled'],
    [awsError('SomethingNew', 429), 'throttled'],
    [awsError('TimeoutError'), 'unreachable'],
    [awsError('AbortError'), 'unreachable'],
    [awsError('InternalServerError', 500), 'unreachable'],
    [awsError('InternalFailure', 500), 'unreachable'],
    [awsError('ServiceException', 500), 'unreachable'],
    [awsError('SomethingNew', 502), 'unreachable'],
    [systemError('ECONNRESET'), 'unreachable'],
    [systemError('ECONNREFUSED'), 'unreachable'],
    [systemError('ENOTFOUND'), 'unreachable'],
    [awsError('InvalidDBInstanceStateFault'), 'conflict'],
    [awsError('InvalidDBInstanceState'), 'conflict'],
    [awsError('ConditionalCheckFailedException'), 'conflict'],
    [awsError('PreconditionFailed', 412), 'conflict'],
    [awsError('SomethingNew', 409), 'conflict'],
    [awsError('AccessDeniedException'), 'denied'],
    [awsError('AccessDenied', 403), 'denied'],
    [awsError('ExpiredTokenException', 403), 'denied'],
    [awsError('KMSAccessDeniedException'), 'denied'],
    [awsError('KmsAccessDeniedException'), 'denied'],
    [awsError('InvalidSignatureException'), 'denied'],
    [awsError('MissingAuthenticationTokenException'), 'denied'],
    [awsError('MissingAuthenticationToken'), 'denied'],
    [awsError('SomethingNew', 403), 'denied'],
    [awsError('ResourceNotFoundException'), 'invalid'],
    [awsError('DBInstanceNotFoundFault', 404), 'invalid'],
    [awsError('ValidationException'), 'invalid'],
    [awsError('SomethingNew', 400), 'invalid'],
  ]

  it.each(
    cases.map(
      ([error, failure]) =>
        [error.name === 'Error' ? (error as { code?: string }).code : error.name, failure, error] as const,
    ),
  )('%s is %s', async (_name, failure, error) => {
    await expect(failing(error)).rejects.toMatchObject({ name: 'PortError', failure, cause: error })
  })

  it('says what failed and its code, and keeps the words of AWS out of the message', async () => {
    await expect(failing(awsError('ThrottlingException'))).rejects.toMatchObject({
      code: 'ThrottlingException',
      message: 'reading failed: ThrottlingException',
    })
  })

  it('lets a mistake of ours through as it is', async () => {
    const mistake = new TypeError('undefined is not a function')
    await expect(failing(mistake)).rejects.toBe(mistake)
    const deliberate = new PortError('conflict', 'OURS', 'ours')
    await expect(failing(deliberate)).rejects.toBe(deliberate)
  })

  it('recognises an exception however the service spells it', () => {
    expect(isException(new PortError('conflict', 'InvalidDBInstanceStateFault', ''), 'InvalidDBInstanceState')).toBe(
      true,
    )
    expect(isException(new PortError('conflict', 'InvalidDBInstanceState', ''), 'InvalidDBInstanceState')).toBe(true)
    expect(isException(new PortError('conflict', 'Other', ''), 'InvalidDBInstanceState')).toBe(false)
  })
})

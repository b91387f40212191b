import { PortError, type PortFailure } from '../../core/ports/errors'

/**
 * What AWS calls a failure, in a port's terms. Names are those of the SDK's exceptions or of Node's system errors;
 * query services spell some of them with the suffix `Fault` or `Exception`, which is taken off before looking here.
 */
const FAILURES: Readonly<Record<string, PortFailure>> = {
  // No answer, or an answer that says nothing about what happened: the effect may or may not exist.
  AbortError: 'unreachable',
  TimeoutError: 'unreachable',
  RequestTimeout: 'unreachable',
  NetworkingError: 'unreachable',
  ECONNREFUSED: 'unreachable',
  ECONNRESET: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EPIPE: 'unreachable',
  ETIMEDOUT: 'unreachable',
  InternalError: 'unreachable',
  InternalFailure: 'unreachable',
  InternalServerError: 'unreachable',
  InternalServer: 'unreachable',
  KMSInternal: 'unreachable',
  DependencyTimeout: 'unreachable',
  Service: 'unreachable',
  Server: 'unreachable',
  ServiceUnavailable: 'unreachable',

  // Refused for now; nothing happened.
  Throttling: 'throttled',
  ThrottledException: 'throttled',
  TooManyRequests: 'throttled',
  RequestLimitExceeded: 'throttled',
  ProvisionedThroughputExceeded: 'throttled',
  SlowDown: 'throttled',
  // RDS and AWS Backup pass on what KMS said to them, each in a spelling of its own.
  KMSThrottling: 'throttled',
  KmsThrottling: 'throttled',
  // Parameter Store
  TooManyUpdates: 'throttled',
  // S3: another conditional write of the same key was under way; AWS asks to repeat the request.
  ConditionalRequestConflict: 'throttled',
  OperationAborted: 'throttled',

  // The world is not in the state the request relies on.
  ConditionalCheckFailed: 'conflict',
  PreconditionFailed: 'conflict',
  InvalidDBInstanceState: 'conflict',
  DBInstanceAlreadyExists: 'conflict',
  PointInTimeRestoreNotEnabled: 'conflict',
  InvalidDBSnapshotState: 'conflict',
  DBSnapshotAlreadyExists: 'conflict',
  ResourceConflict: 'conflict',
  Disabled: 'conflict',
  ExecutionAlreadyExists: 'conflict',
  KMSInvalidState: 'conflict',

  AccessDenied: 'denied',
  AuthorizationError: 'denied',
  ExpiredToken: 'denied',
  InvalidClientTokenId: 'denied',
  InvalidSignature: 'denied',
  KMSAccessDenied: 'denied',
  KmsAccessDenied: 'denied',
  MissingAuthenticationToken: 'denied',
  SignatureDoesNotMatch: 'denied',
  UnrecognizedClient: 'denied',
  UnauthorizedOperation: 'denied',
  CredentialsProviderError: 'denied',

  ClusterNotFound: 'invalid',
  DBInstanceNotFound: 'invalid',
  DBInstanceAutomatedBackupNotFound: 'invalid',
  InvalidRestore: 'invalid',
  DBSnapshotNotFound: 'invalid',
  NoSuchLifecycleConfiguration: 'invalid',
  NoSuchPublicAccessBlockConfiguration: 'invalid',
  TrailNotFound: 'invalid',
  BadDigest: 'invalid',
  IncorrectKey: 'invalid',
  InvalidCiphertext: 'invalid',
  ParameterNotFound: 'invalid',
  ParameterVersionNotFound: 'invalid',
  NoSuchBucket: 'invalid',
  ServiceNotFound: 'invalid',
  NoSuchObjectLockConfiguration: 'invalid',
  NoSuchVersion: 'invalid',
  NotFound: 'invalid',
  ResourceNotFound: 'invalid',
  Validation: 'invalid',
  InvalidParameterValue: 'invalid',
}

interface AwsError {
  readonly name: string
  readonly code?: unknown
  readonly $metadata?: { readonly httpStatusCode?: number }
}

/**
 * Makes one call to AWS; its failure comes back as a PortError that names the exception as its code and keeps it as its
 * cause. What is not a failure of AWS (a mistake of ours) is thrown as it is.
 */
export async function asking<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    const failure = failureOf(error)
    if (!failure) throw error
    const { code } = failure
    throw new PortError(failure.kind, code, `${what} failed: ${code}`, { cause: error })
  }
}

/** Whether a PortError of `asking` stands for the named exception. */
export const isException = (error: unknown, name: string): error is PortError =>
  error instanceof PortError && bare(error.code) === name

function failureOf(error: unknown): { readonly kind: PortFailure; readonly code: string } | undefined {
  if (!(error instanceof Error) || error instanceof PortError) return undefined
  const { name, code, $metadata } = error as AwsError
  const system = typeof code === 'string' ? code : undefined
  for (const candidate of [name, system]) {
    const kind = candidate && (FAILURES[candidate] ?? FAILURES[bare(candidate)])
    if (candidate && kind) return { kind, code: candidate }
  }
  const status = $metadata?.httpStatusCode
  return status === undefined ? undefined : { kind: byStatus(status), code: name }
}

const bare = (name: string): string => name.replace(/(?:Exception|Fault)$/, '')

function byStatus(status: number): PortFailure {
  if (status === 429) return 'throttled'
  if (status === 401 || status === 403) return 'denied'
  if (status === 409 || status === 412) return 'conflict'
  return status >= 500 ? 'unreachable' : 'invalid'
}

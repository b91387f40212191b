import type { Json } from '../../core/json'
import type { Resource } from '../assembly'

/** A created resource, as its reader needs it. */
export interface Created {
  readonly region: string
  readonly physicalId: string
  readonly properties: NonNullable<Resource['Properties']>
  /** Physical ids of the resources of the same stack that a property refers to. */
  readonly refersTo: (property: string) => readonly string[]
}

/**
 * What the service itself says of a resource, by the names of the template's properties. A property that the reader looks
 * for and the service does not tell is undefined; one it does not look for is absent. Throws where the resource is missing.
 */
export type Reader = (created: Created) => Promise<Readonly<Record<string, unknown>>>

/** Undefined where the service says that nothing of the kind is configured. */
export async function whereConfigured<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    const { name = '' } = error as { name?: string }
    if (NOT_CONFIGURED.test(name)) return undefined
    throw error
  }
}

/** How S3 and the others say that an existing resource has no such setting. */
const NOT_CONFIGURED =
  /^NoSuch(LifecycleConfiguration|TagSet|BucketPolicy)$|NotFound(Error|Exception)?$|^NoSuchPublicAccess/

/** What a template says and a service tells as JSON text. */
export const parsed = (text: string | undefined): Json | undefined =>
  text === undefined ? undefined : (JSON.parse(text) as Json)

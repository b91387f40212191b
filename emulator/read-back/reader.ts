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

/** Undefined where the service says that nothing of the kind is configured, by the name of an exception. Throws else. */
export async function whereConfigured<T>(asked: Promise<T>, notConfigured: string): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Error && error.name === notConfigured) return undefined
    throw error
  }
}

/** What was found. Throws where nothing was: a complete resource that its service does not tell is no gap but a failure. */
export function present<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`the service has no ${what}`)
  return found
}

/** Tags that a service tells as a map, as the template declares them. */
export const tagList = (tags: Readonly<Record<string, string>> | undefined): { Key: string; Value: string }[] =>
  Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }))

/** What a template says and a service tells as JSON text. */
export const parsed = (text: string | undefined): Json | undefined =>
  text === undefined ? undefined : (JSON.parse(text) as Json)

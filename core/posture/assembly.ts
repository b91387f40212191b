import type { Json } from '../json'

/** One resource of a template. */
export interface Resource {
  readonly Type: string
  readonly Properties?: { readonly [name: string]: Json }
  /** What happens to it when its stack lets go of it. @default Delete */
  readonly DeletionPolicy?: string
  /** What happens to the old one when it is replaced. @default Delete */
  readonly UpdateReplacePolicy?: string
}

/** One synthesized stack, as far as its posture goes. */
export interface StackTemplate {
  /** Name of the stack; the same in both assemblies that are compared. */
  readonly stack: string
  readonly region: string
  readonly resources: Readonly<Record<string, Resource>>
}

/** What one synthesis gives: the templates, and the promises of the policy that it was made with. */
export interface Assembly {
  readonly stacks: readonly StackTemplate[]
  /** The resolved policy; undefined where the assembly carries none. */
  readonly policy?: Json
}

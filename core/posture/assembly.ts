import type { Json } from '../json'

/** One resource of a template. */
export interface Resource {
  readonly Type: string
  readonly Properties?: { readonly [name: string]: Json }
  /** What happens to it when its stack lets go of it. @default Delete */
  readonly DeletionPolicy?: string
  /** What happens to the old one when it is replaced. @default Delete */
  readonly UpdateReplacePolicy?: string
  /** The condition of the template without which it does not exist. @default it always exists */
  readonly Condition?: string
}

/** One synthesized stack, as far as its posture goes. */
export interface StackTemplate {
  /** Name of the stack; the same in both assemblies that are compared. */
  readonly stack: string
  readonly region: string
  readonly resources: Readonly<Record<string, Resource>>
  /** Whether a person cannot delete the stack by one call. @default false */
  readonly terminationProtection?: boolean
  /** Sections beside the resources that change what resources become, such as `Conditions`. @default none */
  readonly sections?: { readonly [section: string]: Json }
}

/** Sections of a template that decide what its resources become; the others are words, or for other stacks. */
export const SECTIONS = ['Parameters', 'Mappings', 'Conditions', 'Rules', 'Transform'] as const

/** What one synthesis gives: the templates, and the promises of the policy that it was made with. */
export interface Assembly {
  readonly stacks: readonly StackTemplate[]
  /** The resolved policy; undefined where the assembly carries none. */
  readonly policy?: Json
}

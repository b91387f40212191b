import type { Json } from '../json'

/** Progress of an activity as coded messages; renderers decide how a person sees them. */
export interface Reporter {
  emit(message: { readonly code: string; readonly text: string; readonly data?: Json }): void
}

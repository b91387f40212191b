import type { Policy } from '../policy'

/** One thing to bring up in the recovery region, as the policy declares it. */
export type ApplicationHook = Extract<Policy['applicationTier'], { readonly mode: 'hooks' }>['hooks'][number]

/** The application in the recovery region: what serves people once the database does. */
export interface ApplicationTier {
  /** Starts what the hook names and does not wait for it; called again with the same key it changes nothing. */
  bringUp(hook: ApplicationHook, request: { readonly key: string }): Promise<void>
  /** Whether what the hook brings up serves at this moment. */
  healthy(hook: ApplicationHook): Promise<boolean>
}

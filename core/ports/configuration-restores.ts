import type { Json } from '../json'

/** What can be asked of whoever may read the copies of a region and write its settings. No value ever comes back. */
export type RestoreCall =
  | {
      readonly verb: 'versions'
      /** Region whose settings they are versions of. */
      readonly source: string
      /** One setting, or the whole environment. @default the whole environment */
      readonly setting?: string
    }
  | { readonly verb: 'show' | 'plan'; readonly key: string }
  | {
      readonly verb: 'apply'
      readonly key: string
      /** Of the plan that a person has seen. */
      readonly digest: string
      readonly reasonCode: string
      readonly person: string
    }
  /** What of the configuration a release has, as one version. */
  | { readonly verb: 'released-in-force' | 'released-keep' }
  | { readonly verb: 'released-held'; readonly version: string }
  | { readonly verb: 'released-put-back'; readonly version: string; readonly key: string }

/** Restores the configuration of a region, in that region. Throws PortError as it was refused there. */
export interface ConfigurationRestores {
  ask(region: 'primary' | 'recovery', call: RestoreCall): Promise<Json>
}

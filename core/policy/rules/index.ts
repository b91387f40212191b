import { assetRules } from './assets'
import { backupRules } from './backup'
import { codeRules } from './code'
import { operationRules } from './operations'
import { promiseRules } from './promises'
import type { Rule } from './rule'
import { topologyRules } from './topology'

/** Every rule a policy has to keep, beyond its shape. */
export const RULES: readonly Rule[] = [
  ...topologyRules,
  ...backupRules,
  ...promiseRules,
  ...assetRules,
  ...codeRules,
  ...operationRules,
]

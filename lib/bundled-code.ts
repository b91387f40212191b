import { Code } from 'aws-cdk-lib/aws-lambda'
import type { FunctionCode } from './constructs/function-fleet'

/** Code of functions from folders that were bundled before. */
export const bundledCode = (folderOf: (name: string) => string, policyLayerFolder: string): FunctionCode => ({
  function: (name) => Code.fromAsset(folderOf(name)),
  policyLayer: () => Code.fromAsset(policyLayerFolder),
})

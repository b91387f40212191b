import { App } from 'aws-cdk-lib'
import {
  DISABLE_ASSET_STAGING_CONTEXT,
  DISABLE_CREATION_STACK_TRACES,
  DISABLE_LOGICAL_ID_METADATA,
} from 'aws-cdk-lib/cx-api'
import { readPreset } from '../cli/preset-file'
import { bundledCode } from '../lib/bundled-code'
import { featureFlags } from '../lib/feature-flags'
import { RecoveryStage } from '../lib/recovery-stage'
import { addChecks, FAIL_ON_FINDINGS } from '../lib/validation'
import { ENVIRONMENTS, resolvePolicy } from '../policy'
import { bundleFolder, bundleHash, bundleStale, writePolicyLayer } from '../scripts/bundle'

/**
 * What only a deployment or a finding needs, left out of a quick look: where each logical id comes from, and the code of the
 * functions inside of the assembly, which here stays where it was bundled.
 */
const QUICK = {
  [DISABLE_LOGICAL_ID_METADATA]: true,
  [DISABLE_CREATION_STACK_TRACES]: true,
  [DISABLE_ASSET_STAGING_CONTEXT]: true,
}

async function main(): Promise<void> {
  // The CLI and the benchmark switch validation off with the variable that the CDK itself reads; without findings to point
  // out, nobody needs to know at which line a construct was made.
  const validating = process.env['CDK_VALIDATION'] !== 'false'
  // The CDK takes a trace for each resource all the same; an error here is told by its message alone.
  if (!validating) Error.stackTraceLimit = 0
  const app = new App({
    context: featureFlags(),
    postCliContext: validating ? FAIL_ON_FINDINGS : { ...FAIL_ON_FINDINGS, ...QUICK },
    analyticsReporting: false,
    autoSynth: false,
    stackTraces: validating,
    // A picture of the construct tree for the AWS console's toolkit; nothing here or in a deployment reads it.
    treeMetadata: false,
  })
  const wanted: unknown = app.node.tryGetContext('environment') ?? 'production'
  const environment = ENVIRONMENTS.find((known) => known === wanted)
  if (!environment)
    throw new Error(`unknown environment '${String(wanted)}'; use -c environment=${ENVIRONMENTS.join('|')}`)
  const policy = resolvePolicy(environment, readPreset(app.node.tryGetContext('preset')))
  await bundleStale()
  const stage = new RecoveryStage(app, environment, {
    policy,
    code: bundledCode(bundleFolder, writePolicyLayer(environment, policy), bundleHash),
  })
  if (validating) {
    const { acknowledgeFindings, acknowledgements, expiredOn } = await import('../lib/acknowledgements')
    const register = acknowledgements(policy)
    acknowledgeFindings(stage, register)
    for (const { rules, expires } of expiredOn(new Date().toISOString().slice(0, 10), register))
      process.stderr.write(`warning: the acknowledgement of ${rules.join(', ')} expired on ${expires}\n`)
    await addChecks(app)
  }
  app.synth()
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})

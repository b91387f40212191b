import { App, Validations } from 'aws-cdk-lib'
import { bundledCode } from '../lib/bundled-code'
import { featureFlags } from '../lib/feature-flags'
import { RecoveryStage } from '../lib/recovery-stage'
import { ENVIRONMENTS, resolvePolicy } from '../policy'
import { bundleFolder, bundleStale, writePolicyLayer } from '../scripts/bundle'

async function main(): Promise<void> {
  const app = new App({ context: featureFlags(), analyticsReporting: false, autoSynth: false })
  const wanted: unknown = app.node.tryGetContext('environment') ?? 'production'
  const environment = ENVIRONMENTS.find((known) => known === wanted)
  if (!environment)
    throw new Error(`unknown environment '${String(wanted)}'; use -c environment=${ENVIRONMENTS.join('|')}`)
  const policy = resolvePolicy(environment)
  await bundleStale()
  new RecoveryStage(app, environment, {
    policy,
    code: bundledCode(bundleFolder, writePolicyLayer(environment, policy)),
  })
  // The CLI and the benchmark switch validation off with the same variable that the CDK itself reads.
  if (process.env['CDK_VALIDATION'] !== 'false') {
    const { AwsSolutionsChecks, HIPAASecurityChecks } = await import('cdk-nag')
    Validations.of(app).addPlugins(new HIPAASecurityChecks(app), new AwsSolutionsChecks(app))
  }
  app.synth()
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})

import { Validations, type App } from 'aws-cdk-lib'
import { FAIL_SYNTH_ON_VALIDATION_ERRORS_CONTEXT, STRICT_CFN_VALIDATE_ERRORS } from 'aws-cdk-lib/cx-api'

/**
 * Context by which the app itself fails on findings, on warnings too. The CLI would report them, but only for the stacks it
 * was asked for, and `cdk synth` without a name asks for none inside a stage: everything would pass.
 */
export const FAIL_ON_FINDINGS: Readonly<Record<string, unknown>> = {
  [FAIL_SYNTH_ON_VALIDATION_ERRORS_CONTEXT]: true,
  [STRICT_CFN_VALIDATE_ERRORS]: true,
}

/** Adds HIPAA Security and AwsSolutions to the checks that the CDK makes by itself; loaded only where they are wanted. */
export async function addChecks(app: App): Promise<void> {
  const { AwsSolutionsChecks, HIPAASecurityChecks } = await import('cdk-nag')
  Validations.of(app).addPlugins(new HIPAASecurityChecks(app), new AwsSolutionsChecks(app))
}

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import type { CloudAssembly } from 'aws-cdk-lib/cx-api'
import type { Construct } from 'constructs'
import { Template } from 'aws-cdk-lib/assertions'
import type { Policy } from '../../core/policy'
import { bundledCode } from '../../lib/bundled-code'
import { featureFlags } from '../../lib/feature-flags'
import { RecoveryStage } from '../../lib/recovery-stage'
import { resolvePolicy } from '../../policy'

/** A synthesized resource, as far as a test looks into it. */
export interface Resource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
}

export interface SynthesizedStack {
  readonly name: string
  readonly region: string
  readonly terminationProtection: boolean
  readonly template: { readonly Resources: Readonly<Record<string, Resource>>; readonly Outputs?: object }
  readonly dependencies: readonly string[]
  /** Context that the assembly of the stack still misses. */
  readonly lookups: readonly string[]
}

/** Every stack of a policy, without bundling: code assets are an empty folder. A test may plant something first. */
export function synthesize(
  policy: Policy = resolvePolicy('production'),
  plant: (stage: RecoveryStage) => void = () => undefined,
  context: Readonly<Record<string, unknown>> = {},
): SynthesizedStack[] {
  const app = new App({
    context: { ...featureFlags(), ...context },
    analyticsReporting: false,
    outdir: mkdtempSync(join(tmpdir(), 'synth-')),
  })
  const stage = stageIn(app, policy)
  plant(stage)
  return stacksOf(stage.synth())
}

/** The stage of a policy in an app, without bundling. */
export function stageIn(app: App, policy: Policy): RecoveryStage {
  const empty = emptyAsset()
  return new RecoveryStage(app, policy.environment, { policy, code: bundledCode(() => empty, empty) })
}

/** One construct in a stack of its own. */
export function synthOne(build: (scope: Construct) => void): Template {
  const app = new App({ context: featureFlags(), analyticsReporting: false })
  const stack = new Stack(app, 'Test', { env: { account: '111122223333', region: 'eu-west-1' } })
  build(stack)
  return Template.fromStack(stack)
}

const stacksOf = (assembly: CloudAssembly): SynthesizedStack[] =>
  assembly.stacks.map((stack) => ({
    name: stack.stackName,
    region: stack.environment.region,
    terminationProtection: stack.terminationProtection ?? false,
    template: stack.template as SynthesizedStack['template'],
    lookups: (assembly.manifest.missing ?? []).map(({ key }) => key),
    dependencies: stack.dependencies.map((artifact) =>
      'stackName' in artifact ? String(artifact.stackName) : artifact.id,
    ),
  }))

function emptyAsset(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'asset-')), 'code')
  mkdirSync(folder)
  writeFileSync(join(folder, 'handler.mjs'), 'export const handler = () => {}\n')
  return folder
}

/** All resources of some types, with where they are. */
export const resourcesOf = (stacks: readonly SynthesizedStack[], ...types: readonly string[]) =>
  stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources)
      .filter(([, { Type }]) => types.includes(Type))
      .map(([id, resource]) => ({ stack: stack.name, region: stack.region, id: `${stack.name}/${id}`, ...resource })),
  )

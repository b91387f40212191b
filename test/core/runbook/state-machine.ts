import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { build, type Plugin } from 'esbuild'
import { deniedStore, portsOfPrivilege } from '../../../adapters/aws/denied'
import type { Ports } from '../../../core/ports'
import { functionName } from '../../../core/policy/names'
import type { Privilege } from '../../../core/runbook/model'
import { RUNBOOKS } from '../../../core/runbook/runbooks'
import { featureFlags } from '../../../lib/feature-flags'
import { RecoveryStage } from '../../../lib/recovery-stage'
import { resolvePolicy } from '../../../policy'

const ROOT = join(__dirname, '../../..')

export interface Definition {
  readonly States: Readonly<
    Record<string, { readonly Type: string; readonly Resource?: string; readonly Retry?: unknown }>
  >
}

/** The definitions of the runbooks as they stand in the synthesized templates, with the names of a deployment filled in. */
export function synthesizedDefinitions(): ReadonlyMap<string, Definition> {
  const empty = mkdtempSync(join(tmpdir(), 'neonpro-layer-'))
  const app = new App({ context: featureFlags(), analyticsReporting: false, outdir: join(empty, 'out') })
  const policy = resolvePolicy('test')
  const stage = new RecoveryStage(app, 'test', {
    policy,
    code: {
      function: () => Code.fromInline('exports.handler = async () => {}'),
      policyLayer: () => Code.fromAsset(join(ROOT, 'policy')),
    },
  })
  const machines = stage.node
    .findAll()
    .filter(({ node }) => /^runbooks-(primary|recovery)$/.test(node.id))
    .flatMap((stack) =>
      Object.values(Template.fromStack(stack as never).findResources('AWS::StepFunctions::StateMachine')),
    )
  rmSync(empty, { recursive: true, force: true })
  return new Map(
    machines.map((machine) => {
      const { StateMachineName, DefinitionString } = (machine as Machine).Properties
      const runbook = Object.keys(RUNBOOKS).find((name) => StateMachineName === functionName(policy, name))
      return [runbook ?? StateMachineName, JSON.parse(resolved(DefinitionString)) as Definition]
    }),
  )
}

interface Machine {
  readonly Properties: { readonly StateMachineName: string; readonly DefinitionString: unknown }
}

/** What CloudFormation makes of a joined string. */
function resolved(value: unknown): string {
  if (typeof value === 'string') return value
  const { Ref, 'Fn::Join': joined } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] }
  if (joined) return joined[1].map(resolved).join(joined[0])
  return Ref === 'AWS::Partition' ? 'aws' : `{${Ref}}`
}

export type Handler = (event: unknown) => Promise<{ cursor: { waitSeconds: number } }>

declare global {
  /** Where the bundled handlers of this test find the ports of the world they run in. */
  var equalityPorts: ((privilege: Privilege) => Ports) | undefined
}

/** The handlers as they are deployed, but for the one module that composes their ports. */
export async function bundledHandlers(privileges: readonly Privilege[]): Promise<ReadonlyMap<string, Handler>> {
  const memoryPorts: Plugin = {
    name: 'memory-ports',
    setup({ onLoad }) {
      onLoad({ filter: /adapters\/aws\/ports\.ts$/ }, () => ({
        contents:
          'export const awsPorts = (privilege) => new Proxy({}, { get: (_, port) => globalThis.equalityPorts(privilege)[port] })',
      }))
    },
  }
  const folder = mkdtempSync(join(tmpdir(), 'neonpro-handlers-'))
  try {
    const handlers = new Map<string, Handler>()
    for (const privilege of privileges) {
      const outfile = join(folder, `${privilege}.cjs`)
      await build({
        absWorkingDir: ROOT,
        entryPoints: [`lambda/runbook-${privilege}/handler.ts`],
        outfile,
        bundle: true,
        platform: 'node',
        format: 'cjs',
        logLevel: 'error',
        plugins: [memoryPorts],
      })
      handlers.set(privilege, (require(outfile) as { handler: Handler }).handler)
    }
    return handlers
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The ports a role of this privilege would have; any other call is denied, as it would be in AWS. */
export function portsOf(privilege: Privilege, all: Ports): Ports {
  const allowed = ALLOWED[privilege]
  return portsOfPrivilege(privilege, {
    ...Object.fromEntries(allowed.map((name) => [name, all[name]])),
    clock: all.clock,
    reporter: all.reporter,
    coordination: {
      recovery: all.coordination.recovery,
      witness: allowed.includes('coordination')
        ? all.coordination.witness
        : deniedStore(privilege, 'the witness store'),
    },
  })
}

const ALLOWED: Readonly<Record<Privilege, readonly (keyof Ports)[]>> = {
  observe: ['health', 'inventory', 'coordination'],
  fence: ['fence'],
  promote: ['inventory', 'promotion', 'zoneStandby'],
  database: ['database', 'coordination', 'laterWrites'],
  'switch-traffic': ['trafficSwitch'],
  application: ['application', 'secretCopies'],
  audit: ['compliance', 'controls'],
  remedy: ['remedies'],
  report: ['evidence'],
  restore: ['restore', 'inventory'],
  'remove-copies': ['copyRemoval', 'inventory'],
  contain: ['containment'],
  preserve: ['forensics'],
  rotate: ['credentials'],
  harden: ['hardening'],
  deploy: ['deployments', 'coordination'],
}

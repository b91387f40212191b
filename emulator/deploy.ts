import { join } from 'node:path'
import type { SynthesizedStack } from './assembly'
import { ProgramGroup } from './process-group'

const ROOT = join(__dirname, '..')
const CDK = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk')
/** Longest each command of the CDK may take; the whole deployment takes about ten seconds on two idle cores. */
const LONGEST_MS = { synth: 120_000, bootstrap: 120_000, deploy: 300_000 }

/** The real CDK command line, with logs and account cache in `folder` instead of this machine's home. */
export class Cdk {
  constructor(
    private readonly folder: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** Synthesizes the stacks of an environment into `output` as for any deployment: validated, with the code inside. */
  async synthesize(environment: string, output: string): Promise<void> {
    await this.run('synth', ['--quiet', '--output', output, '-c', `environment=${environment}`], {
      CDK_VALIDATION: 'true',
    })
  }

  /** Prepares every region of the stacks, as an operator would once. */
  async bootstrap(accountId: string, stacks: readonly SynthesizedStack[]): Promise<void> {
    const regions = new Set(stacks.map(({ region }) => region))
    await this.run(
      'bootstrap',
      [...regions].map((region) => `aws://${accountId}/${region}`),
    )
  }

  /** Deploys every stack of an assembly. */
  async deploy(assembly: string): Promise<void> {
    const quickly = ['--concurrency', '4', '--require-approval', 'never', '--progress', 'events']
    await this.run('deploy', ['--app', assembly, '**', ...quickly])
  }

  private async run(
    command: keyof typeof LONGEST_MS,
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const group = new ProgramGroup({
      command: process.execPath,
      args: [CDK, command, '--no-notices', ...args],
      folder: ROOT,
      log: join(this.folder, `cdk-${command}.log`),
      environment: { ...this.environment, CDK_HOME: join(this.folder, 'cdk-home'), ...more },
    })
    await group.succeeded(LONGEST_MS[command])
  }
}

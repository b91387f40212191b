import { Command, CommanderError } from 'commander'
import { version } from '../package.json'
import { errorDocument, renderError } from './render-error'

/** Every command of the CLI, by name; each is loaded only when it is asked for, so that help stays instant. */
const COMMANDS: Record<string, { summary: string; load: () => Promise<Command> }> = {
  drill: {
    summary: 'rehearse a disaster on a local PostgreSQL and measure it',
    load: async () => (await import('./commands/drill')).drillCommand(),
  },
  evidence: {
    summary: 'verify the evidence chain',
    load: async () => (await import('./commands/evidence')).evidenceCommand(),
  },
  policy: {
    summary: 'check, show and explain the recovery policy',
    load: async () => (await import('./commands/policy')).policyCommand(),
  },
  runbook: {
    summary: 'print the runbooks as procedures for people',
    load: async () => (await import('./commands/runbook')).runbookCommand(),
  },
}

/** Runs the CLI on the arguments after the program name and returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const program = new Command('recovery')
    .description('Backup and disaster recovery of NeonPro: rehearse it, run it, prove it')
    .version(version)
    .exitOverride()
  const wanted = COMMANDS[args[0] ?? '']
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    program.addCommand(
      wanted && name === args[0] ? (await load()).summary(summary) : new Command(name).summary(summary),
    )
  }
  overrideExit(program)
  try {
    if (args.length === 0) {
      program.outputHelp()
      return 0
    }
    process.exitCode = 0
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify(errorDocument(error), undefined, 2)}\n`)
    process.stderr.write(renderError(error))
    return 1
  }
}

/** Bad input must come back as an exit code through `run`, never as a process that ends inside commander. */
function overrideExit(command: Command): void {
  command.exitOverride()
  for (const child of command.commands) overrideExit(child)
}

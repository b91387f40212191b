import { writeSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { UserError } from '../core/user-error'
import { version } from '../package.json'
import { errorDocument, interruption, renderError } from './render-error'

/** Every command of the CLI, by name; each is loaded only when it is asked for, so that help stays instant. */
const COMMANDS: Record<string, { summary: string; load: () => Promise<Command> }> = {
  access: {
    summary: 'a role for one task: asked for, approved by a second person, open for minutes',
    load: async () => (await import('./commands/access')).accessCommand(),
  },
  approve: {
    summary: 'approve what a run of another person asks',
    load: async () => (await import('./commands/runbook-runs')).answerCommand('approve'),
  },
  archive: {
    summary: 'what of the archive is to be destroyed: recorded, approved by two people, carried out',
    load: async () => (await import('./commands/archive')).archiveCommand(),
  },
  backup: {
    summary: 'a database into a folder or a bucket, sealed, with what a restored copy has to hold',
    load: async () => (await import('./commands/backup')).backupCommand(),
  },
  calendar: {
    summary: 'what has come due, and the word of those who did it',
    load: async () => (await import('./commands/calendar')).calendarCommand(),
  },
  chaos: {
    summary: 'drive the runbooks through random faults, and judge each run by what must always hold',
    load: async () => (await import('./commands/chaos')).chaosCommand(),
  },
  compare: {
    summary: 'whether a replica or a restored copy has what its source has',
    load: async () => (await import('./commands/compare')).compareCommand(),
  },
  compliance: {
    summary: 'judge every control by its evidence; vouch for what no machine can see',
    load: async () => (await import('./commands/compliance')).complianceCommand(),
  },
  configuration: {
    summary: 'what was in force, and back to it; no value is ever printed',
    load: async () => (await import('./commands/configuration')).configurationCommand(),
  },
  decline: {
    summary: 'decline what a run of another person asks',
    load: async () => (await import('./commands/runbook-runs')).answerCommand('decline'),
  },
  drill: {
    summary: 'rehearse a disaster on a local PostgreSQL and measure it',
    load: async () => (await import('./commands/drill')).drillCommand(),
  },
  evidence: {
    summary: 'verify the evidence chain',
    load: async () => (await import('./commands/evidence')).evidenceCommand(),
  },
  failover: {
    summary: 'plan a failover to the recovery region, and start it from the plan',
    load: async () => (await import('./commands/failover')).failoverCommand(),
  },
  fingerprint: {
    summary: 'count and hash every table of a database and its catalog',
    load: async () => (await import('./commands/fingerprint')).fingerprintCommand(),
  },
  health: {
    summary: 'whether the platform does its work, and what earlier looks came to',
    load: async () => (await import('./commands/health')).healthCommand(),
  },
  incident: {
    summary: 'what is open, and the end of it',
    load: async () => (await import('./commands/incident')).incidentCommand(),
  },
  ledger: {
    summary: 'what a restore must not undo: recorded, listed, verified',
    load: async () => (await import('./commands/ledger')).ledgerCommand(),
  },
  marker: {
    summary: 'mark a moment to which a recovery can return',
    load: async () => (await import('./commands/marker')).markerCommand(),
  },
  policy: {
    summary: 'check, show and explain the recovery policy',
    load: async () => (await import('./commands/policy')).policyCommand(),
  },
  posture: {
    summary: 'compare what two versions of the stacks protect',
    load: async () => (await import('./commands/posture')).postureCommand(),
  },
  release: {
    summary: 'what was in force at each release: recorded, listed, shown, tagged',
    load: async () => (await import('./commands/release')).releaseCommand(),
  },
  restore: {
    summary: 'a backup into a new database, proved before it has its name',
    load: async () => (await import('./commands/restore')).restoreCommand(),
  },
  rollback: {
    summary: 'put the platform back to its last healthy release, after showing what that would do',
    load: async () => (await import('./commands/rollback')).rollbackCommand(),
  },
  runbook: {
    summary: 'print the runbooks as procedures for people; start one, and answer what it asks',
    load: async () => (await import('./commands/runbook')).runbookCommand(),
  },
  topology: {
    summary: 'whether the instances are what the policy declares',
    load: async () => (await import('./commands/topology')).topologyCommand(),
  },
  verify: {
    summary: 'prove a backup by restoring it; or see that all that a recovery rests on is there and good',
    load: async () => (await import('./commands/verify')).verifyCommand(),
  },
  world: {
    summary: 'a world of two regions on this machine that stands, for commands that need one',
    load: async () => (await import('./commands/world')).worldCommand(),
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
  const wantsJson = args.includes('--json')
  if (wantsJson) process.once('exit', tellInterrupted)
  try {
    if (args.length === 0) {
      program.outputHelp()
      return 0
    }
    process.exitCode = 0
    await program.parseAsync(args, { from: 'user' })
    return process.exitCode ?? 0
  } catch (thrown) {
    // Help and version end the same way, and are no errors.
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0
    const error = thrown instanceof CommanderError ? refusedInput(program, args, thrown) : thrown
    if (wantsJson) process.stdout.write(`${JSON.stringify(errorDocument(error), undefined, 2)}\n`)
    process.stderr.write(renderError(error))
    return 1
  } finally {
    process.off('exit', tellInterrupted)
  }
}

/** A command that is interrupted cleans up and ends the process by itself; who reads its JSON is told so. */
function tellInterrupted(code: number): void {
  writeSync(process.stdout.fd, `${JSON.stringify(interruption(code), undefined, 2)}\n`)
}

/** What commander refused, as an error like any other. */
function refusedInput(program: Command, args: readonly string[], { message }: CommanderError): UserError {
  let command = program
  const path = ['recovery']
  for (const name of args) {
    const child = command.commands.find((candidate) => candidate.name() === name)
    if (!child) break
    command = child
    path.push(name)
  }
  const help = `run '${path.join(' ')} --help' for what it takes`
  if (message === '(outputHelp)') return new UserError('COMMAND_MISSING', `'${path.join(' ')}' needs a command`, help)
  return new UserError('INPUT_REFUSED', message.replace(/^error: /, '').replaceAll(/\s+/g, ' '), help)
}

/** Bad input must come back through `run`, shown once, never as a process that ends inside commander. */
function overrideExit(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => undefined })
  for (const child of command.commands) overrideExit(child)
}

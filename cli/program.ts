import { Command, CommanderError } from 'commander'
import { addAuditCommands } from './commands/audit.ts'
import { addCallCommands } from './commands/calls.ts'
import { addDoNotCallCommands } from './commands/do-not-call.ts'
import { addDeviceCommands } from './commands/device.ts'
import { addImportCommands } from './commands/imports.ts'
import { addReasonCommands, addUserCommands } from './commands/people.ts'
import { addReportCommands } from './commands/reports.ts'
import { addSyncCommands } from './commands/sync.ts'
import { addSettingsCommands } from './commands/settings.ts'
import { addTargetCommands } from './commands/targets.ts'
import { addWorkspaceCommands } from './commands/workspace.ts'
import { EXIT, EXIT_CODES_HELP, type ExitCode } from './terminal/exit-codes.ts'
import { toFailure, UsageError } from './terminal/failure.ts'
import type { CliIo } from './terminal/io.ts'
import { Output } from './terminal/output.ts'
import { Runner } from './commands/runner.ts'
import { refusePasswordArguments } from './terminal/secrets.ts'

const HELP = `
Passwords are never given as arguments. Environment variables:
  PROPAGANDA_PASSWORD       password of the person of --as; if not set, it is read from standard input
  PROPAGANDA_NEW_PASSWORD   password to set (workspace create, user add, user set-password, user change-password)
  PROPAGANDA_PUBLISH_KEY    key of the server (workspace publish)
  PROPAGANDA_HOME           folder for data, if --home is not given

With --json, standard output is one JSON document: the record or list of the API, times in ms UTC. An error is
{"error": {"code", "message", "data"}} on standard error.

${EXIT_CODES_HELP}`

/** Makes commander throw its errors instead of printing them. */
function quiet(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} })
  for (const child of command.commands) quiet(child)
}

function createProgram(runner: Runner): Command {
  const { io } = runner
  const program = new Command('propaganda')
    .description('Propaganda Dashboard without a window: the same application, the same permissions.')
    .version(io.version)
    .option('--home <dir>', 'folder for data')
    .option('--as <email>', 'e-mail address of the person who signs in')
    .option('--client <client>', 'id or name of the client, for people with several clients')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
  addSyncCommands(program, addWorkspaceCommands(program, runner), runner)
  addUserCommands(program, runner)
  addReasonCommands(program, runner)
  addCallCommands(program, runner)
  addDoNotCallCommands(program, runner)
  addImportCommands(program, runner)
  addReportCommands(program, runner)
  addAuditCommands(program, runner)
  addSettingsCommands(program, runner)
  addTargetCommands(program, runner)
  addDeviceCommands(program, runner)
  quiet(program)
  return program
}

/** Converts an error of commander; null if it only printed help or the version. */
function usageOf(error: CommanderError): UsageError | null {
  if (error.exitCode === 0) return null
  if (error.code === 'commander.help') return new UsageError('No command given. To list the commands, use --help.')
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ')
  return new UsageError(
    `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?)]$/.test(message) ? '' : '.'} Nothing was done. To list commands and options, use --help.`,
  )
}

/** Runs one command line. Never throws: an error becomes an exit code and a message on standard error. */
export async function runCli(args: readonly string[], io: CliIo): Promise<ExitCode> {
  const runner = new Runner(io)
  const out = new Output(io, args.includes('--json'))
  try {
    refusePasswordArguments(args)
    await createProgram(runner).parseAsync([...args], { from: 'user' })
    return runner.exitCode
  } catch (error) {
    const usage = error instanceof CommanderError ? usageOf(error) : undefined
    if (usage === null) return EXIT.ok
    const failure = toFailure(usage ?? error, runner.logPath)
    out.failure(failure)
    return failure.exit
  }
}

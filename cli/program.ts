import { Command, CommanderError } from 'commander'
import { addAuditCommands } from './commands/audit.ts'
import { addCallCommands } from './commands/calls.ts'
import { addDeviceCommands } from './commands/device.ts'
import { addImportCommands } from './commands/imports.ts'
import { addReasonCommands, addUserCommands } from './commands/people.ts'
import { addReportCommands } from './commands/reports.ts'
import { addSyncCommands } from './commands/sync.ts'
import { addSettingsCommands } from './commands/settings.ts'
import { addWorkspaceCommands } from './commands/workspace.ts'
import { EXIT, EXIT_CODES_HELP, type ExitCode } from './exit-codes.ts'
import { toFailure, UsageError } from './failure.ts'
import type { CliIo } from './io.ts'
import { Output } from './output.ts'
import { Runner } from './runner.ts'
import { refusePasswordArguments } from './secrets.ts'

const HELP = `
Passwords never stand in an argument:
  PROPAGANDA_PASSWORD       of who signs in with --as; else standard input
  PROPAGANDA_NEW_PASSWORD   one to be set (workspace create, user add, user set-password)
  PROPAGANDA_PUBLISH_KEY    the server's key of workspace publish
  PROPAGANDA_HOME           the folder of --home

With --json, standard output is one JSON document: the record or the list that the API gives, times in ms UTC; an error is
{"error": {"code", "message", "data"}} on standard error.

${EXIT_CODES_HELP}`

/** Commander prints its complaints itself; here they become errors like all others. */
function quiet(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} })
  for (const child of command.commands) quiet(child)
}

function createProgram(runner: Runner): Command {
  const { io } = runner
  const program = new Command('propaganda')
    .description('Propaganda Dashboard without a window: the same application, the same permissions.')
    .version(io.version)
    .option('--home <dir>', 'where the data lies')
    .option('--as <email>', 'who signs in')
    .option('--client <client>', 'id or name of the client, for people who belong to several')
    .option('--json', 'answer in JSON')
    .addHelpText('after', HELP)
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
  addSyncCommands(program, addWorkspaceCommands(program, runner), runner)
  addUserCommands(program, runner)
  addReasonCommands(program, runner)
  addCallCommands(program, runner)
  addImportCommands(program, runner)
  addReportCommands(program, runner)
  addAuditCommands(program, runner)
  addSettingsCommands(program, runner)
  addDeviceCommands(program, runner)
  quiet(program)
  return program
}

/** Commander's own error as one of ours; null where it only printed help or the version. */
function usageOf(error: CommanderError): UsageError | null {
  if (error.exitCode === 0) return null
  if (error.code === 'commander.help') return new UsageError('Say what to do; --help lists the commands.')
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ')
  return new UsageError(
    `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?)]$/.test(message) ? '' : '.'} Nothing was done; --help lists what there is.`,
  )
}

/** Runs one command line. Never throws: whatever happens becomes an exit code and a line on standard error. */
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

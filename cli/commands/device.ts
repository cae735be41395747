import type { Command } from 'commander'
import type { Check } from '../../app/doctor/check.ts'
import { examineHome, workspaceFacts } from '../../app/doctor/examine-home.ts'
import { fixHome, type Repair } from '../../app/doctor/fix-home.ts'
import { EXIT } from '../terminal/exit-codes.ts'
import { record, table } from '../terminal/output.ts'
import { syncLines } from './sync.ts'
import type { GlobalOptions, Runner } from './runner.ts'

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

function checkLines(checks: readonly Check[]): string {
  const line = ({ name, ok, detail, remedy }: Check) =>
    `${ok ? 'ok  ' : 'BAD '} ${name}: ${detail}${remedy === null ? '' : `\n     What to do: ${remedy}`}`
  return checks.map(line).join('\n')
}

function repairLines(repairs: readonly Repair[]): string {
  if (repairs.length === 0) return 'Nothing to repair.'
  return repairs
    .map(({ clientId, path, done, refused }) =>
      [
        clientId === null ? `Home ${path}` : `Client ${clientId}`,
        ...done.map((sentence) => `done: ${sentence}`),
        ...(refused === null ? [] : [`not done: ${refused}`]),
      ].join('\n'),
    )
    .join('\n\n')
}

export function addDeviceCommands(program: Command, runner: Runner): void {
  const runtime = () => ({ version: runner.io.version, node: process.version })

  program
    .command('status')
    .description('show what is stored on this device; with --as also the size of the workspace and its sync state')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>()
      if (options.as === undefined)
        return runner.offline(options, async (home, out) => {
          const workspaces = workspaceFacts(home)
          const rows = workspaces.map((one) => [
            one.clientId,
            String(one.schemaVersion ?? ''),
            megabytes(one.bytes),
            String(one.pending ?? ''),
            one.problem ?? one.path,
          ])
          const facts = record([
            ['Home', home],
            ['Version', runner.io.version],
            ['Workspaces', String(workspaces.length)],
          ])
          out.result({ home, ...runtime(), workspaces }, () =>
            rows.length === 0 ? facts : `${facts}\n\n${table(['Client', 'Schema', 'Size', 'Pending', 'File'], rows)}`,
          )
        })
      await runner.signedIn(options, async ({ api, out, zone }) => {
        const [workspace, sync] = await Promise.all([api.workspace.status(), api.sync.status()])
        const home = runner.home(options)
        out.result({ home, ...runtime(), workspace, sync }, () =>
          record([
            ['Home', home],
            ['Version', runner.io.version],
            ['Client', workspace.clientId],
            ['File', workspace.path],
            ['Size', megabytes(workspace.bytes)],
            ['Schema', String(workspace.schemaVersion)],
            ['Calls', String(workspace.calls)],
            ['Users', String(workspace.users)],
            ['Audit trail', `${workspace.auditEntries} entries`],
            ...syncLines(sync, zone),
          ]),
        )
      })
    })

  program
    .command('doctor')
    .description('check for damage and wrong permissions; changes nothing without --fix')
    .option('--fix', 'repair without losing data, then check again')
    .action(async (options: { readonly fix?: boolean }, command: Command) => {
      await runner.offline(command.optsWithGlobals<GlobalOptions>(), async (home, out) => {
        const repairs = options.fix === true ? fixHome(home) : null
        const { checks, workspaces } = examineHome(home)
        const ok = [...checks, ...workspaces.flatMap((one) => one.checks)].every((check) => check.ok)
        out.result({ ok, home, ...runtime(), ...(repairs === null ? {} : { repairs }), checks, workspaces }, () =>
          [
            `Propaganda ${runner.io.version}, Node ${process.version}`,
            ...(repairs === null ? [] : [`${repairLines(repairs)}\n`]),
            checkLines(checks),
            ...workspaces.map((one) => `\nClient ${one.clientId}\n${checkLines(one.checks)}`),
            ok ? '\nNo problems found.' : '\nProblems found; see the lines marked BAD.',
          ].join('\n'),
        )
        return ok ? EXIT.ok : EXIT.storage
      })
    })
}

import type { Command } from 'commander'
import { SETTING_KEYS, settingsSchema, type SettingKey, type Settings } from '../../core/model/settings.ts'
import { parsedJson } from '../../core/parsed-json.ts'
import { UsageError } from '../terminal/failure.ts'
import { record } from '../terminal/output.ts'
import type { GlobalOptions, Runner } from './runner.ts'

function keyOf(text: string): SettingKey {
  const key = SETTING_KEYS.find((one) => one === text.replaceAll('-', '_'))
  if (key === undefined) throw new UsageError(`There is no setting “${text}”. Use one of ${SETTING_KEYS.join(', ')}.`)
  return key
}

/** Returns null for `none`, the JSON value that the text has if the setting accepts it, else the text. The API validates it. */
function valueOf(key: SettingKey, text: string): unknown {
  if (text === 'none' || text === '') return null
  const json = parsedJson(text)
  return json !== null && settingsSchema.shape[key].safeParse(json).success ? json : text
}

const valueText = (value: Settings[SettingKey]) =>
  value === null ? 'none' : typeof value === 'object' ? JSON.stringify(value) : String(value)

function describe(settings: Settings): string {
  return record(SETTING_KEYS.map((key) => [key, valueText(settings[key])]))
}

export function addSettingsCommands(program: Command, runner: Runner): void {
  const settings = program.command('settings').description(`show and change settings of the client: ${SETTING_KEYS.join(', ')}`)

  settings
    .command('get')
    .argument('[key]')
    .action(async (text: string | undefined, _options, command: Command) => {
      const key = text === undefined ? undefined : keyOf(text)
      await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async ({ api, out }) => {
        const current = await api.settings.get()
        if (key === undefined) out.result(current, () => describe(current))
        else out.result({ [key]: current[key] }, () => valueText(current[key]))
      })
    })

  settings
    .command('set')
    .argument('<key>')
    .argument('<value>', '“none” clears the setting')
    .action(async (text: string, value: string, _options, command: Command) => {
      const key = keyOf(text)
      await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async ({ api, out }) => {
        const changed = await api.settings.update({ [key]: valueOf(key, value) })
        out.result(changed, () => describe(changed))
      })
    })
}

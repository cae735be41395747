import { getCatalogs } from '@lingui/cli/api'
import { getConfig } from '@lingui/conf'
import { TREE } from '../tree.ts'
import { messageFaults } from './message-faults.ts'

/** A text of the window that a catalogue does not have, or has with a fault. */
export type TextFault = { readonly place: string; readonly text: string; readonly fault: string }

type Texts = Awaited<ReturnType<typeof getCatalogs>>[number]
type Messages = NonNullable<Awaited<ReturnType<Texts['collect']>>>
type Translations = NonNullable<Awaited<ReturnType<Texts['read']>>>

/** Returns the catalogues that `lingui.config.ts` describes: the texts of the window, and the messages of the application. */
export async function windowTexts(): Promise<readonly [window: Texts, application: Texts]> {
  const [window, application] = await getCatalogs(getConfig({ cwd: TREE }))
  if (window === undefined || application === undefined) throw new Error('lingui.config.ts lacks a catalogue')
  return [window, application]
}

/** Returns the texts in the source by their ids. */
export async function textsOfSource(texts: Texts): Promise<Messages> {
  const messages = await texts.collect()
  if (messages === undefined) throw new Error('The texts could not be collected from the source')
  return messages
}

/** Returns what is missing in the catalogue of a language, or is wrong in it. */
export function faultsOf(messages: Messages, translations: Translations, language: string): TextFault[] {
  return Object.entries(messages).flatMap(([id, { message = id, origin }]) => {
    const found = translations[id]
    const faults =
      found === undefined || found.obsolete === true
        ? ['is not in the catalogue: run npm run texts']
        : messageFaults(message, found.translation ?? '', language)
    const place = origin.map(([file, line]) => (line === undefined ? file : `${file}:${line}`)).join(', ')
    return faults.map((fault) => ({ place, text: message, fault }))
  })
}

/** Returns a line for a person. */
export function faultText({ place, text, fault }: TextFault): string {
  return `${place}: “${text}” ${fault}`
}

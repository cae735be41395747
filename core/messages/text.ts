import { z } from 'zod'

/** A value of a message: a name or a number as it is, or another message that is translated as well. */
export type TextValue = string | number | Text

/** A message of the application without its words: an entry of the catalogue and its values. A window shows it in its own language. */
export type Text = { readonly id: string; readonly values: { readonly [name: string]: TextValue } }

/** A message in English, for the command line and the log. `text` is absent if the message is only known in English. */
export type Sentence = { readonly message: string; readonly text?: Text | undefined }

/** A message that every language has. */
export type Translatable = Sentence & { readonly text: Text }

export const textSchema: z.ZodType<Text> = z.object({
  id: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.lazy(() => textSchema)])),
})

export const sentenceSchema = z.object({ message: z.string(), text: textSchema.optional() })

/** The message of an error: what happened, and what was kept and what to do. A screen with a title of its own shows only the second part. */
export type Said = { readonly happened: readonly Sentence[]; readonly kept: readonly Sentence[] }
export const saidSchema = z.object({ happened: z.array(sentenceSchema), kept: z.array(sentenceSchema) })

/** Returns the English of several sentences. */
export function joined(sentences: readonly Sentence[]): string {
  return sentences.map(({ message }) => message).join(' ')
}

/** Returns a sentence as a value of another one. */
export function asValue({ message, text }: Sentence): TextValue {
  return text ?? message
}

/** The messages of a language: an `I18n` of Lingui, which this room does not import. */
export type Language = {
  readonly messages: Readonly<Record<string, unknown>>
  _: (id: string, values: Record<string, string | number>) => string
}

/** Returns a sentence in a language; in English if the language lacks it, because another release made the sentence. */
export function sentenceIn({ message, text }: Sentence, language: Language): string {
  return (text === undefined ? undefined : textIn(text, language)) ?? message
}

function textIn({ id, values }: Text, language: Language): string | undefined {
  if (!Object.hasOwn(language.messages, id)) return undefined
  const shown: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(values)) {
    const inLanguage = typeof value === 'object' ? textIn(value, language) : value
    if (inLanguage === undefined) return undefined
    shown[name] = inLanguage
  }
  return language._(id, shown)
}

/** An entry of a catalogue: ICU with values, numbers, and plurals of the forms `one` and `other`. */
export type Entry = { readonly id: string; readonly message: string }

/** The names of the values in a message, with the type of each. */
type Values<Message extends string, Found = unknown> = Message extends `${string}{${infer Head}}${infer Rest}`
  ? Head extends `${infer Name}, plural, one {${string}`
    ? Rest extends ` other {${string}}}${infer After}`
      ? Values<After, Found & { readonly [K in Name]: number }>
      : never
    : Head extends `${infer Name}, number`
      ? Values<Rest, Found & { readonly [K in Name]: number }>
      : Values<Rest, Found & { readonly [K in Head]: TextValue }>
  : Found

/** The values that a message of a catalogue needs; no argument if it has none. */
export type ValuesOf<E extends Entry, Id extends E['id']> =
  Values<Extract<E, { readonly id: Id }>['message']> extends infer V
    ? unknown extends V
      ? readonly []
      : readonly [values: { readonly [K in keyof V]: V[K] }]
    : never

const PLURAL = /\{(\w+), plural, one \{([^{}]*)\} other \{([^{}]*)\}\}/g
const VALUE = /\{(\w+)(, number)?\}/g
const rules = new Intl.PluralRules('en')
const numbers = new Intl.NumberFormat('en')

/** Returns a message in English. @param messageOf returns the English of an entry, also of those in the values */
export function english({ id, values }: Text, messageOf: (id: string) => string): string {
  const shown = (name: string): string => {
    const value = values[name] ?? ''
    return typeof value === 'object' ? english(value, messageOf) : String(value)
  }
  const number = (name: string) => numbers.format(Number(values[name]))
  // A value is inserted last, because it may contain braces.
  return messageOf(id)
    .replaceAll(PLURAL, (_, name: string, one: string, other: string) =>
      (rules.select(Number(values[name])) === 'one' ? one : other).replaceAll('#', `{${name}, number}`),
    )
    .replaceAll(VALUE, (_, name: string, isNumber: string | undefined) => (isNumber === undefined ? shown(name) : number(name)))
}

/** The functions that make messages of a catalogue. */
export function catalogueOf<E extends Entry>(entries: readonly E[]) {
  const byId: ReadonlyMap<string, string> = new Map(entries.map(({ id, message }) => [id, message]))

  /** Returns a message as part of another one. */
  function clause<Id extends E['id']>(id: Id, ...values: ValuesOf<E, Id>): Text {
    const [given = {}] = values as readonly [Text['values']?]
    return { id, values: given }
  }

  function sentenceOf(of: Text): Translatable {
    return { message: english(of, (id) => byId.get(id) ?? id), text: of }
  }

  /** Returns a message: in English, and as data that a window shows in its own language. */
  function sentence<Id extends E['id']>(id: Id, ...values: ValuesOf<E, Id>): Translatable {
    return sentenceOf(clause(id, ...values))
  }

  return { clause, sentence, sentenceOf }
}

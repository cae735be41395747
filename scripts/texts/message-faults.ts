import { compileMessageOrThrow, type CompiledMessage, type CompiledMessageToken } from '@lingui/message-utils/compileMessage'

type Choice = { readonly name: string; readonly type: string; readonly forms: readonly string[] }

/** What a translation must share with its source: values and tags, and the choices by number or word. */
type Parts = { readonly marks: ReadonlySet<string>; readonly choices: readonly Choice[] }

const isPlural = ({ type }: Choice) => type === 'plural' || type === 'selectordinal'

/**
 * Returns what is wrong with a translation: a value or a tag that only one of the two has, or a plural that lacks a form of the language.
 *
 * @param language BCP 47, for example `de`
 */
export function messageFaults(source: string, translation: string, language: string): string[] {
  if (translation === '') return ['is not translated']
  let parts: Parts
  try {
    parts = partsOf(translation)
  } catch (error) {
    return [`cannot be read: ${String(error)}`]
  }
  const expected = partsOf(source)
  const faults: string[] = []
  for (const mark of expected.marks) if (!parts.marks.has(mark)) faults.push(`lacks ${mark}`)
  for (const mark of parts.marks) if (!expected.marks.has(mark)) faults.push(`has ${mark}, which the source does not have`)
  for (const choice of parts.choices) {
    const { name, type, forms } = choice
    const needed = isPlural(choice)
      ? new Intl.PluralRules(language, { type: type === 'plural' ? 'cardinal' : 'ordinal' }).resolvedOptions().pluralCategories
      : (expected.choices.find((each) => each.name === name && each.type === type)?.forms ?? [])
    for (const form of needed) if (!forms.includes(form)) faults.push(`lacks the form “${form}” of {${name}}`)
  }
  return faults
}

/** @throws if the message is not ICU */
function partsOf(message: string): Parts {
  const marks = new Set<string>()
  const choices: Choice[] = []
  collect(compileMessageOrThrow(message))
  return { marks, choices }

  function collect(tokens: CompiledMessage): void {
    for (const token of tokens) collectToken(token)
  }
  function collectToken(token: CompiledMessageToken): void {
    if (typeof token === 'string') {
      for (const [tag] of token.matchAll(/<\/?\d+\/?>/g)) marks.add(tag)
      return
    }
    const [name, type, format] = token
    // The number itself, within a plural.
    if (name === '#') return
    marks.add(type === undefined ? `{${name}}` : `{${name}, ${type}}`)
    if (typeof format !== 'object' || format === null) return
    const { offset: _, ...forms } = format as Readonly<Record<string, CompiledMessage>>
    choices.push({ name, type: type ?? '', forms: Object.keys(forms) })
    for (const form of Object.values(forms)) collect(form)
  }
}

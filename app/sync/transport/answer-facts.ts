import { z } from 'zod'
import { NotTheServerError, serverAnswer } from './server-connection.ts'

const pushFactsSchema = z.object({ cursor: z.string(), complete: z.boolean() })

/** Returns the parts of a push's answer that the engine needs before the writer has stored it. @throws NotTheServerError */
export function pushFacts(text: string): { readonly cursor: string; readonly complete: boolean } {
  return serverAnswer(pushFactsSchema, text)
}

export type PageFacts = {
  readonly cursor: string
  readonly isComplete: boolean
  readonly isEmpty: boolean
  readonly progress: { readonly done: number; readonly total: number } | null
}

const EMPTY = '"rows":[],"removed":[],"conflicts":[]'
const CURSOR = /"cursor":"([^"\\]{1,200})","complete":(true|false),"progress":(null|\{"done":(\d+),"total":(\d+)\})/g

/**
 * What the engine needs of a page to ask for the next one, read off its text: a page is up to a megabyte, and parsing it is the
 * writer's work. Inside a value a quotation mark is escaped, so the pattern matches the page's own fields alone.
 * @throws NotTheServerError if the text is not a page.
 */
export function pageFacts(text: string): PageFacts {
  const match = [...text.matchAll(CURSOR)].at(-1)
  if (match?.[1] === undefined) throw new NotTheServerError()
  const progress = match[3] === 'null' ? null : { done: Number(match[4]), total: Number(match[5]) }
  return {
    progress,
    cursor: match[1],
    isComplete: match[2] === 'true',
    isEmpty: text.includes(EMPTY) && text.includes('"forget":[]'),
  }
}

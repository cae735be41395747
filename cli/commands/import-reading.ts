import type { Command } from 'commander'
import { readFile } from 'node:fs/promises'
import {
  importMapSchema,
  importReadingSchema,
  type ImportMap,
  type ImportReading,
  type LineAccount,
} from '../../core/contract/imports.ts'
import { AppError } from '../../core/errors.ts'
import { plainError } from '../../core/plain-errors.ts'
import { UsageError } from '../terminal/failure.ts'

export type ReadingOptions = {
  readonly encoding?: string
  readonly delimiter?: string
  readonly headerLine?: string
  readonly multilineCells?: string
  readonly sheet?: string
}

/** Adds the options for reading a file as rows. They override those of a map. */
export function addReadingOptions(command: Command): Command {
  return command
    .option('--encoding <name>', 'encoding of the file, for example windows-1250 (default: detected)')
    .option('--delimiter <character>', 'character that separates the values, or “tab” (default: detected)')
    .option('--header-line <number>', 'number of the header line; 0: no header (default: detected)')
    .option('--multiline-cells <yes|no>', 'whether a quoted value can span lines (default: yes, unless its lines look like rows)')
    .option('--sheet <name>', 'sheet of a workbook (default: the first one with rows)')
}

function yesOrNo(text: string): boolean {
  if (text === 'yes') return true
  if (text === 'no') return false
  throw new UsageError(`--multiline-cells: “${text}” is not yes or no. Nothing was imported.`)
}

/** @throws UsageError for a value that is not allowed. */
export function readingOf({ encoding, delimiter, headerLine, multilineCells, sheet }: ReadingOptions): ImportReading {
  if (headerLine !== undefined && !/^\d{1,7}$/.test(headerLine))
    throw new UsageError(`--header-line: “${headerLine}” is not the number of a line. Nothing was imported.`)
  const character = delimiter === 'tab' || delimiter === '\\t' ? '\t' : delimiter
  if (character !== undefined && (character.length !== 1 || /["\r\n]/.test(character)))
    throw new UsageError(`--delimiter: “${character}” is not one character. Nothing was imported.`)
  return {
    ...(encoding === undefined ? {} : { encoding }),
    ...(character === undefined ? {} : { delimiter: character }),
    ...(headerLine === undefined ? {} : { headerLine: Number(headerLine) }),
    ...(multilineCells === undefined ? {} : { multilineCells: yesOrNo(multilineCells) }),
    ...(sheet === undefined ? {} : { sheet }),
  }
}

/** Returns the part of a map about reading a file as rows. */
export function readingOfMap(map: ImportMap | undefined): ImportReading {
  return map === undefined ? {} : importReadingSchema.parse(map)
}

export function missing(path: string): AppError<'NOT_FOUND'> {
  return AppError.inEnglish('NOT_FOUND', `The file ${path} does not exist or cannot be read. Nothing was imported.`)
}

async function readText(path: string): Promise<string> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch {
    throw missing(path)
  }
  try {
    // Editors and shells of Windows write JSON with a byte order mark or in UTF-16. The decoder is loaded on demand, because loading its
    // tables takes a fifth of a second.
    const { decodeText } = await import('../../app/import/decode-text.ts')
    return decodeText(bytes).utf8.toString()
  } catch {
    throw new UsageError(`--map: ${path} is empty or not text. Nothing was imported.`)
  }
}

/** @throws UsageError if the file is not JSON; AppError INVALID if it is not a map, NOT_FOUND if it does not exist. */
export async function readMap(path: string): Promise<ImportMap> {
  const text = await readText(path)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new UsageError(
      `--map: ${path} is not JSON (${error instanceof Error ? error.message : String(error)}). Nothing was imported.`,
    )
  }
  const parsed = importMapSchema.strict().safeParse(json, { error: plainError })
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => ({ path: ['map', ...issue.path].join('.'), message: issue.message }))
  throw AppError.inEnglish(
    'INVALID',
    `${path} is not a map. Nothing was imported. To get a map for a file, run “import inspect FILE --json”.`,
    { issues },
  )
}

/** Returns the number of lines in a file, with the number of each kind. */
export function describeLines({ lines, before, header, blank, rows, continued }: LineAccount): string {
  const parts = [
    [before, 'before the header'],
    [header, 'header'],
    [rows, rows === 1 ? 'row' : 'rows'],
    [continued, 'continuing the row above'],
    [blank, 'blank'],
  ] as const
  const counts = parts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]))
  return `${lines} (${counts.join(', ')})`
}

import { plural, t } from '@lingui/core/macro'
import type { ImportReading, LineAccount } from '../../../core/contract/imports.ts'
import { formatCount } from '../../format/numbers.ts'

/** Returns a reading with one choice changed; undefined: detected. With another sheet the header line is detected again. */
export function withReading(
  reading: ImportReading,
  option: keyof ImportReading,
  value: string | number | boolean | undefined,
): ImportReading {
  const { [option]: _, ...others } = reading
  const { headerLine: _header, ...withoutHeader }: ImportReading = others
  const rest = option === 'sheet' ? withoutHeader : others
  return value === undefined ? rest : { ...rest, [option]: value }
}

/** Returns a sentence about the kinds of lines of a file. */
export function describeLines({ lines, before, header, blank, rows, continued }: LineAccount): string {
  const parts = [
    before > 0 && plural(before, { one: '# before the header', other: '# before the header' }),
    header > 0 && (header === 1 ? t`the header` : plural(header, { one: '# of the header', other: '# of the header' })),
    plural(rows, { one: '# row', other: '# rows' }),
    continued > 0 && plural(continued, { one: '# that continue a row', other: '# that continue a row' }),
    blank > 0 && plural(blank, { one: '# blank', other: '# blank' }),
  ]
    .filter((part) => part !== false)
    .join(', ')
  return plural(lines, { one: `# line: ${parts}.`, other: `# lines: ${parts}.` })
}

/** The number of rows over several lines that a report names. */
const NAMED_SPANS = 10

/** Returns the lines of rows that span several lines, such as "4–6, 9–10". */
export function describeSpans({ spans }: Pick<LineAccount, 'spans'>): string {
  const named = spans.slice(0, NAMED_SPANS).map(({ line, lastLine }) => `${formatCount(line)}–${formatCount(lastLine)}`)
  const list = named.join(', ')
  return spans.length > NAMED_SPANS ? t`${list} and more` : list
}

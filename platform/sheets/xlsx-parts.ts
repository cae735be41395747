import type { ColumnKind } from './sheet.ts'

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const DOCUMENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

// oxlint-disable-next-line no-control-regex -- the pattern is for characters that XML does not allow
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
/** A text that would be read as an escaped character. */
const ESCAPE = /_(?=x[0-9A-Fa-f]{4}_)/g
const SPECIAL = /[&<>"\r\n]|_x|[^\t\u0020-\ud7ff\ue000-\ufffd]/

const escaped = (character: string) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`

/**
 * Returns a text for XML. Workbooks write characters that XML does not allow as `_xHHHH_`; an unpaired surrogate is not a character and becomes
 * U+FFFD. A parser of XML would change a carriage return, so it is escaped too.
 */
export function xmlText(text: string): string {
  if (!SPECIAL.test(text)) return text
  return text
    .toWellFormed()
    .replaceAll(ESCAPE, '_x005F_')
    .replaceAll(NOT_XML, escaped)
    .replaceAll('\r', '_x000D_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** The formats of cells, by their number in the styles. The first is the default. */
const FORMATS = {
  text: '@',
  header: '@',
  integer: '0',
  number: 'General',
  percent: '0.0%',
  date: 'yyyy\\-mm\\-dd',
  time: 'yyyy\\-mm\\-dd\\ hh:mm:ss',
} as const satisfies Record<ColumnKind | 'header', string>

export type CellFormat = keyof typeof FORMATS

const NAMES = Object.keys(FORMATS) as CellFormat[]

/** The numbers of the formats in the styles. */
export const STYLE_OF = Object.fromEntries(NAMES.map((name, index) => [name, index + 1])) as Readonly<Record<CellFormat, number>>

/** Numbers below this are formats that every spreadsheet has. */
const FIRST_OWN_FORMAT = 164

function styles(): string {
  const formats = NAMES.map((name, index) => `<numFmt numFmtId="${FIRST_OWN_FORMAT + index}" formatCode="${FORMATS[name]}"/>`)
  const cells = NAMES.map((name, index) => {
    const bold = name === 'header' ? ' fontId="1" applyFont="1"' : ' fontId="0"'
    return `<xf numFmtId="${FIRST_OWN_FORMAT + index}"${bold} fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`
  })
  const font = (bold: string) => `<font>${bold}<sz val="11"/><name val="Calibri"/><family val="2"/></font>`
  return (
    `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="${formats.length}">${formats.join('')}</numFmts>` +
    `<fonts count="2">${font('')}${font('<b/>')}</fonts>` +
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="${cells.length + 1}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>${cells.join('')}</cellXfs>` +
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
  )
}

/** The parts whose content does not depend on the sheets. The content types come first, because some programs recognise a workbook by them. */
export const FIXED_PARTS: readonly (readonly [name: string, content: string])[] = [
  [
    '[Content_Types].xml',
    // The default type of XML is that of a sheet, so that the part can be written before the sheets are counted.
    `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
      `<Default Extension="xml" ContentType="${TYPES}.worksheet+xml"/>` +
      `<Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/>` +
      `<Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/></Types>`,
  ],
  [
    '_rels/.rels',
    `${XML}<Relationships xmlns="${PACKAGE}/relationships">` +
      `<Relationship Id="rId1" Type="${DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ],
  ['xl/styles.xml', styles()],
]

export type WrittenSheet = { readonly name: string; readonly area: string }

/** Returns the parts that list the sheets. */
export function listParts(sheets: readonly WrittenSheet[]): readonly (readonly [name: string, content: string])[] {
  const relation = (id: number, type: string, target: string) =>
    `<Relationship Id="rId${id}" Type="${DOCUMENT}/${type}" Target="${target}"/>`
  const absolute = (area: string) => area.replaceAll(/([A-Z]+)(\d+)/g, '$$$1$$$2')
  const quotedName = (name: string) => `'${xmlText(name.replaceAll("'", "''"))}'`
  return [
    [
      'xl/workbook.xml',
      `${XML}<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><bookViews><workbookView/></bookViews><sheets>` +
        sheets.map(({ name }, at) => `<sheet name="${xmlText(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join('') +
        '</sheets><definedNames>' +
        // Excel stores the area of a filter under this name as well.
        sheets
          .map(
            ({ name, area }, at) =>
              `<definedName name="_xlnm._FilterDatabase" localSheetId="${at}" hidden="1">${quotedName(name)}!${absolute(area)}</definedName>`,
          )
          .join('') +
        '</definedNames></workbook>',
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${XML}<Relationships xmlns="${PACKAGE}/relationships">` +
        sheets.map((_, at) => relation(at + 1, 'worksheet', `worksheets/sheet${at + 1}.xml`)).join('') +
        relation(sheets.length + 1, 'styles', 'styles.xml') +
        '</Relationships>',
    ],
  ]
}

/** The widest sheet, in characters, that is still readable when all its columns are printed on one page. */
const WIDEST_PAGE = 200

/**
 * Returns the beginning of a sheet with its first row frozen. On paper the columns fit the width of a page, unless they are too wide.
 * @param widths of the columns, in characters
 */
export function sheetBegin(widths: readonly number[], isFirst: boolean): string {
  const columns = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`)
  const fitsPage = widths.reduce((sum, width) => sum + width, 0) <= WIDEST_PAGE
  return (
    `${XML}<worksheet xmlns="${MAIN}">${fitsPage ? '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' : ''}` +
    `<sheetViews><sheetView${isFirst ? ' tabSelected="1"' : ''} workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<sheetFormatPr defaultRowHeight="15"/>${columns.length === 0 ? '' : `<cols>${columns.join('')}</cols>`}<sheetData>`
  )
}

/** Returns the end of a sheet with a filter for its columns. */
export function sheetEnd(area: string): string {
  return `</sheetData><autoFilter ref="${area}"/><pageSetup orientation="landscape" fitToHeight="0"/></worksheet>`
}

/** Returns the letters of a column, counted from 0. */
export function columnLetters(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26))
  return column < 26 ? letter : columnLetters(Math.floor(column / 26) - 1) + letter
}

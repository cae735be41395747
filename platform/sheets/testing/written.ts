import type { ByteSink, Cell, SheetColumn, SheetWriter } from '../sheet.ts'

type Sheet = { readonly name: string; readonly columns: readonly SheetColumn[]; readonly rows: readonly (readonly Cell[])[] }

/** Returns the bytes of a file with these sheets. */
export function written(open: (write: ByteSink) => SheetWriter, ...sheets: readonly Sheet[]): Buffer {
  const pieces: Buffer[] = []
  const writer = open((bytes) => void pieces.push(Buffer.from(bytes)))
  for (const { name, columns, rows } of sheets) {
    writer.beginSheet(name, columns)
    for (const row of rows) writer.addRow(row)
  }
  writer.end()
  return Buffer.concat(pieces)
}

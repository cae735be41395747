import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'

/** Fields separated by commas, quoted by double quotes, UTF-8, values as they are shown, every sheet. */
const EVERY_SHEET = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1'
const TIMEOUT_MS = 120_000

/** Whether LibreOffice is installed. */
export function hasLibreOffice(): boolean {
  return spawnSync('soffice', ['--version'], { timeout: TIMEOUT_MS }).status === 0
}

/** Opens a workbook in LibreOffice. Returns the cells of each sheet as they are shown, by the sheet's name. */
export function readByLibreOffice(workbook: Uint8Array): Readonly<Record<string, readonly (readonly string[])[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-workbook-'))
  try {
    writeFileSync(join(folder, 'book.xlsx'), workbook)
    const profile = `-env:UserInstallation=file://${folder}/profile`
    const convert = [profile, '--headless', '--convert-to', EVERY_SHEET, '--outdir', folder, join(folder, 'book.xlsx')]
    const { status, stderr } = spawnSync('soffice', convert, { encoding: 'utf8', timeout: TIMEOUT_MS })
    if (status !== 0) throw new Error(`LibreOffice could not open the workbook: ${stderr}`)
    const files = readdirSync(folder).filter((name) => name.startsWith('book-') && name.endsWith('.csv'))
    return Object.fromEntries(
      files.map((name) => [
        name.slice('book-'.length, -'.csv'.length),
        parse(readFileSync(join(folder, name)), { relaxColumnCount: true }),
      ]),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

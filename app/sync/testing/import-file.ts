import type { ImportMapInput, ImportReport } from '../../../core/contract/imports.ts'
import type { Device } from './device.ts'
import { MAP, file } from '../../testing/import-into.ts'

/** Imports rows of the tests' form (`Id,Agent,Name,At,Status,Outcome,Reason,Secs,Notes`) through the device's window. */
export async function importRows(
  device: Device,
  rows: readonly string[],
  { dryRun = false, map = MAP }: { readonly dryRun?: boolean; readonly map?: ImportMapInput } = {},
): Promise<ImportReport> {
  const preview = await device.api.imports.inspect({ file: new File([file(...rows)], 'calls.csv') })
  const source = map.source ?? 'test'
  for await (const event of await device.api.imports.run({
    importId: preview.importId,
    map: { ...map, source },
    dryRun,
    overwrite: true,
  }))
    if (event.kind === 'report') return event.report
  throw new Error('An import ends with a report')
}

/** Returns rows of calls that were lost for `reason`. */
export function lostRows(count: number, agent: string, reason: string, prefix = 'r'): string[] {
  return Array.from(
    { length: count },
    (_, n) =>
      `${prefix}${n},${agent},Prospect ${prefix}${n},2026-01-${String((n % 28) + 1).padStart(2, '0')}T10:00,completed,lost,${reason},60,`,
  )
}

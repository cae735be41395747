import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ImportColumns, ImportMap, ImportPreview } from '../../../core/contract/imports.ts'
import { useApi } from '../../api/api-context.ts'

/** A person chooses several columns in a row; the file is read once they pause. */
const PAUSE_MS = 300

/** Returns how the file's columns are used under the map in the form; until the file has been read again, under the former map. */
export function useColumns(preview: ImportPreview, map: ImportMap): ImportColumns {
  const { query } = useApi()
  const [settled] = useDebouncedValue(map, PAUSE_MS)
  const columns = useQuery({
    ...query.imports.columns.queryOptions({ input: { importId: preview.importId, map: settled } }),
    placeholderData: keepPreviousData,
  })
  return columns.data ?? preview.usages
}

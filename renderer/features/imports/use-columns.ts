import { useDebouncedValue } from '@mantine/hooks'
import { skipToken, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { ImportColumns, ImportMap, ImportPreview } from '../../../core/contract/imports.ts'
import { useApi } from '../../api/api-context.ts'

/** The file is read after this time without a choice, because people choose several columns in a row. */
const PAUSE_MS = 300

/**
 * Returns how the columns of the file are used under the current mapping. Until the application has counted them, returns the last numbers
 * of the same reading of the file.
 */
export function useColumns(preview: ImportPreview, map: ImportMap): ImportColumns {
  const { query } = useApi()
  const [settled] = useDebouncedValue(
    useMemo(() => ({ preview, map }), [preview, map]),
    PAUSE_MS,
  )
  const [known, setKnown] = useState({ preview, columns: preview.usages })
  // A mapping of the previous reading may name columns that do not exist.
  const isCurrent = settled.preview === preview
  const input = isCurrent ? { importId: preview.importId, map: settled.map } : skipToken
  const counted = useQuery(query.imports.columns.queryOptions({ input })).data
  if (known.preview !== preview) setKnown({ preview, columns: preview.usages })
  else if (isCurrent && counted !== undefined && counted !== known.columns) setKnown({ preview, columns: counted })
  return known.preview === preview ? known.columns : preview.usages
}

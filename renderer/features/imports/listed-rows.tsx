import { Alert, List, Text } from '@mantine/core'
import type { ImportReport } from '../../../core/contract/imports.ts'
import { plural } from '../../format/numbers.ts'

const SHOWN = 20

/** Warns of rows that schedule outbound calls with prospects who are on the do-not-call list. */
export function ListedRows({ report: { dryRun, doNotCall, doNotCallRows } }: { readonly report: ImportReport }) {
  if (doNotCall === 0) return null
  const rows = doNotCallRows.slice(0, SHOWN)
  return (
    <Alert color="orange" title="Prospects on the do-not-call list" role="status">
      <Text>
        {plural(doNotCall, 'outbound call')} {dryRun ? 'would be' : doNotCall === 1 ? 'was' : 'were'} scheduled with prospects who
        do not want to be called.{' '}
        {dryRun ? 'To leave them out, remove their rows from the file.' : 'Cancel these calls if they must not be made.'}
      </Text>
      <List>
        {rows.map(({ line, prospectName }) => (
          <List.Item key={line}>
            Line {line}: {prospectName}
          </List.Item>
        ))}
      </List>
      {doNotCall > rows.length && <Text>… and {doNotCall - rows.length} more</Text>}
    </Alert>
  )
}

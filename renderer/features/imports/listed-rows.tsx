import { Trans } from '@lingui/react/macro'
import { plural, t } from '@lingui/core/macro'
import { Alert, List, Text } from '@mantine/core'
import type { ImportReport } from '../../../core/contract/imports.ts'

const SHOWN = 20

/** Warns of rows that schedule outbound calls with prospects who are on the do-not-call list. */
export function ListedRows({ report: { dryRun, doNotCall, doNotCallRows } }: { readonly report: ImportReport }) {
  if (doNotCall === 0) return null
  const rows = doNotCallRows.slice(0, SHOWN)
  const more = doNotCall - rows.length
  return (
    <Alert color="orange" title={t`Prospects on the do-not-call list`} role="status">
      <Text>
        {dryRun
          ? plural(doNotCall, {
              one: '# outbound call would be scheduled with prospects who do not want to be called.',
              other: '# outbound calls would be scheduled with prospects who do not want to be called.',
            })
          : plural(doNotCall, {
              one: '# outbound call was scheduled with prospects who do not want to be called.',
              other: '# outbound calls were scheduled with prospects who do not want to be called.',
            })}{' '}
        {dryRun ? t`To leave them out, remove their rows from the file.` : t`Cancel these calls if they must not be made.`}
      </Text>
      <List>
        {rows.map(({ line, prospectName }) => (
          <List.Item key={line}>{t`Line ${line}: ${prospectName}`}</List.Item>
        ))}
      </List>
      {more > 0 && (
        <Text>
          <Trans>… and {more} more</Trans>
        </Text>
      )}
    </Alert>
  )
}

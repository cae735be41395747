import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Alert, Button, Group, Text } from '@mantine/core'
import { formatNearTime } from '../../format/times.ts'
import { useNow } from '../../ui/use-now.ts'
import { sameValues, type CallFormValues } from './call-form-values.ts'

type Props = {
  readonly draft: { readonly values: CallFormValues; readonly updatedAt: number | null }
  /** The values of the form. */
  readonly values: CallFormValues
  readonly pristine: CallFormValues
  readonly zone: string
  onDiscard: () => void
  /** Clears all fields except the name. */
  onKeepName: () => void
}

/** Returns whether the name of the draft was replaced while other fields still have the values of the draft. */
function isForAnother({ draft, values, pristine }: Pick<Props, 'draft' | 'values' | 'pristine'>): boolean {
  const [former, typed] = [draft.values.prospectName.trim(), values.prospectName.trim()]
  if (former === '' || typed === '' || former.startsWith(typed) || typed.startsWith(former)) return false
  // The timer and the identity of the draft are not typed.
  const { draftId, timer } = values
  return !sameValues({ ...values, prospectName: '' }, { ...pristine, prospectName: '', draftId, timer })
}

/** A notice that the form has a draft, with a warning if values of the draft would be saved under another name. */
export function DraftNotice({ draft, values, pristine, zone, onDiscard, onKeepName }: Props) {
  const now = useNow()
  const isMixed = isForAnother({ draft, values, pristine })
  const name = draft.values.prospectName.trim()
  const time = draft.updatedAt === null ? null : formatNearTime(draft.updatedAt, now, zone)
  const origin = time === null ? t`This call is not saved yet.` : t`Draft restored: ${time}`
  return (
    <Alert color={isMixed ? 'yellow' : 'gray'} role="status">
      <Group justify="space-between" gap="sm">
        <Text>{isMixed ? t`The other fields are from the draft for “${name}”.` : origin}</Text>
        {isMixed ? (
          <Button variant="default" onClick={onKeepName}>
            <Trans>Clear the other fields</Trans>
          </Button>
        ) : (
          <Button variant="default" onClick={onDiscard}>
            <Trans>Discard draft</Trans>
          </Button>
        )}
      </Group>
    </Alert>
  )
}

import { plural, t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import { Button, Group, Progress, Text, VisuallyHidden } from '@mantine/core'
import type { RefObject } from 'react'
import { useApi } from '../../api/api-context.ts'
import { formatCount } from '../../format/numbers.ts'
import { useRights } from '../../session/session-context.ts'
import { useBulkJob } from './bulk-job.ts'
import classes from './selection-bar.module.css'
import type { MarkedCalls } from './use-marks.ts'

type Props = {
  readonly actions: RefObject<HTMLDivElement | null>
  readonly marked: MarkedCalls
  onReassign: () => void
  onTag: () => void
  onDelete: () => void
}

/** The number of selected calls and their actions. It is below the list, so that no row moves under the pointer. */
export function SelectionBar({ actions, marked, onReassign, onTag, onDelete }: Props) {
  const running = useBulkJob((job) => job.running)
  const { isAny, count } = marked
  const text = !isAny
    ? ''
    : count === undefined
      ? t`Counting…`
      : plural(count, { one: '# call selected', other: '# calls selected' })
  return (
    <>
      <VisuallyHidden role="status" aria-label={t`Selection`}>
        {text}
      </VisuallyHidden>
      {running !== null ? (
        <RunningBar />
      ) : (
        marked.isAny && (
          <Group ref={actions} role="toolbar" aria-label={t`Selected calls`} className={classes.bar ?? ''}>
            <Text fw={500} aria-hidden>
              {text}
            </Text>
            <SelectionActions marked={marked} onReassign={onReassign} onTag={onTag} onDelete={onDelete} />
          </Group>
        )
      )}
    </>
  )
}

function SelectionActions({ marked, onReassign, onTag, onDelete }: Omit<Props, 'actions'>) {
  const rights = useRights()
  const disabled = marked.count === undefined || marked.count === 0
  return (
    <Group gap="sm">
      {rights.reach('calls.reassign') !== 'none' && (
        <Button variant="default" disabled={disabled} onClick={onReassign}>
          <Trans>Reassign…</Trans>
        </Button>
      )}
      {rights.reach('calls.edit') !== 'none' && (
        <Button variant="default" disabled={disabled} onClick={onTag}>
          <Trans>Set loss reason…</Trans>
        </Button>
      )}
      {rights.reach('calls.delete') !== 'none' && (
        <Button variant="default" disabled={disabled} onClick={onDelete}>
          <Trans>Delete</Trans>
        </Button>
      )}
      <Button variant="subtle" onClick={marked.clear}>
        <Trans>Clear selection</Trans>
      </Button>
    </Group>
  )
}

function RunningBar() {
  const { api } = useApi()
  const { running, cancel } = useBulkJob()
  if (running === null) return null
  const { verb, done, total, isCancelling, batchId } = running
  const doneCount = formatCount(done)
  return (
    <Group role="group" aria-label={t`Running action`} className={classes.bar ?? ''}>
      <Text className={classes.text ?? ''}>
        <Trans>
          {verb}: {doneCount} of <Plural value={total} one="# call" other="# calls" />
        </Trans>
      </Text>
      <Progress className={classes.progress ?? ''} value={total === 0 ? 0 : (100 * done) / total} aria-label={t`Calls done`} />
      <Button variant="default" onClick={() => cancel(api)} disabled={isCancelling || batchId === null}>
        {isCancelling ? t`Cancelling…` : t`Cancel`}
      </Button>
    </Group>
  )
}

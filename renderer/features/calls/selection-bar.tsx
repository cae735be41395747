import { Button, Group, Progress, Text, VisuallyHidden } from '@mantine/core'
import type { RefObject } from 'react'
import { useApi } from '../../api/api-context.ts'
import { formatCount, plural } from '../../format/numbers.ts'
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
  const text = !marked.isAny ? '' : marked.count === undefined ? 'Counting…' : `${plural(marked.count, 'call')} selected`
  return (
    <>
      <VisuallyHidden role="status" aria-label="Selection">
        {text}
      </VisuallyHidden>
      {running !== null ? (
        <RunningBar />
      ) : (
        marked.isAny && (
          <Group ref={actions} role="toolbar" aria-label="Selected calls" className={classes.bar ?? ''}>
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
          Reassign…
        </Button>
      )}
      {rights.reach('calls.edit') !== 'none' && (
        <Button variant="default" disabled={disabled} onClick={onTag}>
          Set loss reason…
        </Button>
      )}
      {rights.reach('calls.delete') !== 'none' && (
        <Button variant="default" disabled={disabled} onClick={onDelete}>
          Delete
        </Button>
      )}
      <Button variant="subtle" onClick={marked.clear}>
        Clear selection
      </Button>
    </Group>
  )
}

function RunningBar() {
  const { api } = useApi()
  const { running, cancel } = useBulkJob()
  if (running === null) return null
  const { verb, done, total, isCancelling, batchId } = running
  return (
    <Group role="group" aria-label="Running action" className={classes.bar ?? ''}>
      <Text className={classes.text ?? ''}>
        {verb}: {formatCount(done)} of {plural(total, 'call')}
      </Text>
      <Progress className={classes.progress ?? ''} value={total === 0 ? 0 : (100 * done) / total} aria-label="Calls done" />
      <Button variant="default" onClick={() => cancel(api)} disabled={isCancelling || batchId === null}>
        {isCancelling ? 'Cancelling…' : 'Cancel'}
      </Button>
    </Group>
  )
}

import { Alert, Button, Radio, Stack, Table, Text, Title } from '@mantine/core'
import type { ImportReport } from '../../../core/contract/imports.ts'
import type { CallFields } from '../../../core/model/call.ts'
import { formatDuration } from '../../format/durations.ts'
import { CALL_TYPE_LABELS, OUTCOME_LABELS, STATUS_LABELS } from '../../format/labels.ts'
import { formatCount, NONE, plural } from '../../format/numbers.ts'
import { formatDateTime } from '../../format/times.ts'
import { useSession } from '../../session/session-context.ts'
import { IMPORT_FIELD_LABELS } from './import-map.ts'

const LABELS: Readonly<Record<keyof CallFields, string>> = {
  ...IMPORT_FIELD_LABELS,
  userId: IMPORT_FIELD_LABELS.agent,
  lossReasonId: IMPORT_FIELD_LABELS.lossReason,
  scheduledAt: 'Scheduled for',
  completedAt: 'Completed at',
}
const VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  callType: CALL_TYPE_LABELS,
  status: STATUS_LABELS,
  outcome: OUTCOME_LABELS,
}

function spell(field: string, value: string | number | null, zone: string): string {
  if (value === null) return NONE
  if (typeof value === 'number') return field === 'callDuration' ? formatDuration(value) : formatDateTime(value, zone)
  return VALUES[field]?.[value] ?? value
}

/** Existing calls that the file changes, before and after. */
export function ChangedCalls({ report }: { readonly report: ImportReport }) {
  const { settings } = useSession()
  const { dryRun, changes, updated } = report
  if (changes.length === 0) return null
  const title = dryRun ? 'Calls that would be changed' : 'Changed calls'
  const known: Readonly<Record<string, string>> = LABELS
  return (
    <Stack gap="xs" component="section" aria-label={title}>
      <Title order={2}>{title}</Title>
      {changes.length < updated && (
        <Text c="dimmed">
          The first {formatCount(changes.length)} of {formatCount(updated)}.
        </Text>
      )}
      <Table aria-label={title} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={64}>Line</Table.Th>
            <Table.Th>Prospect</Table.Th>
            <Table.Th w={128}>Field</Table.Th>
            <Table.Th>Before</Table.Th>
            <Table.Th>After</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changes.flatMap(({ line, prospectName, isAnotherCall, fields }) =>
            fields.map(({ field, before, after }, index) => (
              <Table.Tr key={`${line} ${field}`}>
                <Table.Td>{index === 0 && line}</Table.Td>
                <Table.Td>
                  {index === 0 && prospectName}
                  {index === 0 && isAnotherCall && (
                    <Text c="orange" size="sm">
                      Took place at another time
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>{known[field] ?? field}</Table.Td>
                <Table.Td>{spell(field, before, settings.time_zone)}</Table.Td>
                <Table.Td>{spell(field, after, settings.time_zone)}</Table.Td>
              </Table.Tr>
            )),
          )}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}

export type OverwriteChoice = 'change' | 'keep'

type QuestionProps = {
  readonly report: ImportReport
  readonly choice: OverwriteChoice | null
  onChoose: (choice: OverwriteChoice) => void
  /** Imports the rows as new calls; undefined if the map has no row id. */
  readonly onSeparate: (() => void) | undefined
}

/** Asks before calls are overwritten. No answer is preselected. */
export function OverwriteQuestion({ report, choice, onChoose, onSeparate }: QuestionProps) {
  const { updated, otherCalls } = report
  return (
    <Stack gap="sm" align="flex-start">
      {otherCalls > 0 && (
        <Alert color="orange" title="The row id may not identify calls">
          <Stack gap="sm" align="flex-start">
            <Text>
              {plural(otherCalls, 'row')} took place at another time than the call with the same row id. A lead’s number, or a
              number that starts again in every file, does not identify a call.
            </Text>
            {onSeparate && (
              <Button variant="default" onClick={onSeparate}>
                Import as separate calls
              </Button>
            )}
          </Stack>
        </Alert>
      )}
      <Radio.Group
        label={`${plural(updated, 'existing call')} would be changed`}
        description="The table below shows them before and after."
        value={choice}
        onChange={(next) => onChoose(next === 'change' ? 'change' : 'keep')}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="change" label="Change them" />
          <Radio value="keep" label="Keep them as they are; their rows are refused" />
        </Stack>
      </Radio.Group>
    </Stack>
  )
}

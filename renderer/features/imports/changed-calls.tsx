import { Plural, Trans } from '@lingui/react/macro'
import { plural, t } from '@lingui/core/macro'
import { Alert, Button, Radio, Stack, Table, Text, Title } from '@mantine/core'
import type { ImportReport } from '../../../core/contract/imports.ts'
import { isCallField } from '../../../core/model/call-fields.ts'
import { callFieldText } from '../../format/call-field-text.ts'
import { formatCount, NONE } from '../../format/numbers.ts'
import { formatDateTime } from '../../format/times.ts'
import { useSession } from '../../session/session-context.ts'
import { importedFieldLabel } from './import-map.ts'

/** The names of people and loss reasons are used unchanged. */
const asNamed = (name: string) => name

/** Existing calls that the file changes, before and after. */
export function ChangedCalls({ report }: { readonly report: ImportReport }) {
  const { settings } = useSession()
  const { dryRun, changes, updated } = report
  if (changes.length === 0) return null
  const title = dryRun ? t`Calls that would be changed` : t`Changed calls`
  const shown = formatCount(changes.length)
  const all = formatCount(updated)
  const context = {
    time: (millis: number) => formatDateTime(millis, settings.time_zone),
    person: asNamed,
    lossReason: asNamed,
  }
  const text = (field: string, value: string | number | null) =>
    isCallField(field) ? callFieldText(field, value, context) : String(value ?? NONE)
  return (
    <Stack gap="xs" component="section" aria-label={title}>
      <Title order={2}>{title}</Title>
      {changes.length < updated && (
        <Text c="dimmed">
          <Trans>
            The first {shown} of {all}.
          </Trans>
        </Text>
      )}
      <Table aria-label={title} layout="fixed" style={{ overflowWrap: 'anywhere' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={64}>
              <Trans>Line</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Prospect</Trans>
            </Table.Th>
            <Table.Th w={128}>
              <Trans>Field</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Before</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>After</Trans>
            </Table.Th>
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
                      <Trans>Took place at another time</Trans>
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>{isCallField(field) ? importedFieldLabel(field) : field}</Table.Td>
                <Table.Td>{text(field, before)}</Table.Td>
                <Table.Td>{text(field, after)}</Table.Td>
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
  /** Imports the rows as new calls; undefined if the mapping has no row id. */
  readonly onSeparate: (() => void) | undefined
}

/** The question before calls are overwritten. No answer is preselected. */
export function OverwriteQuestion({ report, choice, onChoose, onSeparate }: QuestionProps) {
  const { updated, otherCalls } = report
  return (
    <Stack gap="sm" align="flex-start">
      {otherCalls > 0 && (
        <Alert color="orange" title={t`The row id may not identify calls`}>
          <Stack gap="sm" align="flex-start">
            <Text>
              <Plural
                value={otherCalls}
                one="# row took place at another time than the call with the same row id."
                other="# rows took place at another time than the call with the same row id."
              />{' '}
              <Trans>A lead’s number, or a number that starts again in every file, does not identify a call.</Trans>
            </Text>
            {onSeparate && (
              <Button variant="default" onClick={onSeparate}>
                <Trans>Import as separate calls</Trans>
              </Button>
            )}
          </Stack>
        </Alert>
      )}
      <Radio.Group
        label={plural(updated, { one: '# existing call would be changed', other: '# existing calls would be changed' })}
        description={t`The table below shows them before and after.`}
        value={choice}
        onChange={(next) => onChoose(next === 'change' ? 'change' : 'keep')}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="change" label={t`Change them`} />
          <Radio value="keep" label={t`Keep them as they are; their rows are refused`} />
        </Stack>
      </Radio.Group>
    </Stack>
  )
}

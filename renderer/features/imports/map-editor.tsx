import { Trans } from '@lingui/react/macro'
import { plural, t } from '@lingui/core/macro'
import { Alert, Button, Group, List, Stack, Table, Text, Title } from '@mantine/core'
import { IMPORT_FIELDS, type ImportColumns, type ImportMap, type ImportPreview } from '../../../core/contract/imports.ts'
import { useApi } from '../../api/api-context.ts'
import { formatCount } from '../../format/numbers.ts'
import { ColumnUsages } from './column-usage.tsx'
import { FieldRow } from './field-row.tsx'
import { mapProblem, targetsOf, valuesToMap } from './import-map.ts'
import { useImportJob } from './import-job.ts'
import { MapOptions } from './map-options.tsx'
import { sentenceText } from '../../format/sentence-text.ts'
import { MapQuestions } from './map-questions.tsx'
import { ReadingOptions } from './reading-options.tsx'
import { OfferedMaps, SaveMap } from './saved-maps.tsx'
import { useColumns } from './use-columns.ts'
import { ValueMap } from './value-map.tsx'

/** The form of the mapping. Invalid text in a list prevents a dry run with an older choice. */
const FORM = 'import-map'

/** The mapping of columns to fields. It starts with the suggestion of the application. */
export function MapEditor() {
  const { preview, map } = useImportJob()
  return preview === null || map === null ? null : <Editor preview={preview} map={map} />
}

function Editor({ preview, map }: { readonly preview: ImportPreview; readonly map: ImportMap }) {
  const { api } = useApi()
  const { run, step } = useImportJob()
  const isReading = step.kind === 'map' && step.reading !== null
  const columns = useColumns(preview, map)
  const problem = mapProblem(map, columns.questions)
  const { fileName } = preview
  const rowCount = plural(preview.rowCount, { one: '# row', other: '# rows' })
  const columnCount = plural(preview.columns.length, { one: '# column', other: '# columns' })
  return (
    <Stack gap="lg">
      <Text>
        <strong>{fileName}</strong>: {rowCount}, {columnCount}.
        <span role="status">{isReading && <> {t`Reading the file…`}</>}</span>
      </Text>
      {preview.warnings.length > 0 && (
        <Alert color="orange" title={t`Check before you import`}>
          <List>
            {preview.warnings.map((warning) => (
              <List.Item key={warning.message}>{sentenceText(warning)}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <form
        id={FORM}
        onSubmit={(event) => {
          event.preventDefault()
          void run(api, true)
        }}
      >
        <Fields preview={preview} map={map} columns={columns} />
      </form>
      <SaveMap />
      {problem !== null && (
        <Text c="red" role="alert">
          {problem}
        </Text>
      )}
      <Group>
        <Button type="submit" form={FORM} disabled={problem !== null || isReading}>
          <Trans>Dry run</Trans>
        </Button>
        <Text c="dimmed">
          <Trans>Shows what would happen. Nothing is written.</Trans>
        </Text>
      </Group>
    </Stack>
  )
}

/** The choices about the file and its columns. */
function Fields({
  preview,
  map,
  columns,
}: {
  readonly preview: ImportPreview
  readonly map: ImportMap
  readonly columns: ImportColumns
}) {
  const { setMap } = useImportJob()
  const countedRows = formatCount(columns.countedRows)
  const valued = IMPORT_FIELDS.filter(
    (field) => targetsOf(field) !== undefined && valuesToMap(map.fields[field], preview.columns).length > 0,
  )
  return (
    <Stack gap="lg">
      <ReadingOptions preview={preview} map={map} />
      <OfferedMaps />
      <Stack gap="xs" component="section" aria-label={t`Columns`}>
        <Title order={2}>
          <Trans>Columns</Trans>
        </Title>
        <Table aria-label={t`Columns`} layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={144}>
                <Trans>Field</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Column of the file</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Or one fixed value</Trans>
              </Table.Th>
              <Table.Th data-minor>
                <Trans>First values</Trans>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {IMPORT_FIELDS.map((field) => (
              <FieldRow key={field} field={field} map={map} columns={preview.columns} onChange={setMap} />
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
      <MapQuestions questions={columns.questions} map={map} onChange={setMap} />
      <ColumnUsages
        usages={columns.usages}
        counted={
          columns.countedRows < preview.rowCount
            ? t`Counted in the first ${countedRows} rows; the dry run counts all.`
            : t`Counted in all rows.`
        }
      />
      {valued.map((field) => (
        <ValueMap key={field} field={field} map={map} columns={preview.columns} onChange={setMap} />
      ))}
      <MapOptions map={map} onChange={setMap} />
    </Stack>
  )
}

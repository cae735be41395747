import { Alert, Button, Group, List, Stack, Table, Text, Title } from '@mantine/core'
import { IMPORT_FIELDS, type ImportColumns, type ImportMap, type ImportPreview } from '../../../core/contract/imports.ts'
import { useApi } from '../../api/api-context.ts'
import { formatCount, plural } from '../../format/numbers.ts'
import { ColumnUsages } from './column-usage.tsx'
import { FieldRow } from './field-row.tsx'
import { mapProblem, targetsOf, valuesToMap } from './import-map.ts'
import { useImportJob } from './import-job.ts'
import { MapOptions } from './map-options.tsx'
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
  return (
    <Stack gap="lg">
      <Text>
        <strong>{preview.fileName}</strong>: {plural(preview.rowCount, 'row')}, {plural(preview.columns.length, 'column')}.
        <span role="status">{isReading && ' Reading the file…'}</span>
      </Text>
      {preview.warnings.length > 0 && (
        <Alert color="orange" title="Check before you import">
          <List>
            {preview.warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
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
          Dry run
        </Button>
        <Text c="dimmed">Shows what would happen. Nothing is written.</Text>
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
  const valued = IMPORT_FIELDS.filter(
    (field) => targetsOf(field) !== undefined && valuesToMap(map.fields[field], preview.columns).length > 0,
  )
  return (
    <Stack gap="lg">
      <ReadingOptions preview={preview} map={map} />
      <OfferedMaps />
      <Stack gap="xs" component="section" aria-label="Columns">
        <Title order={2}>Columns</Title>
        <Table aria-label="Columns" layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={144}>Field</Table.Th>
              <Table.Th>Column of the file</Table.Th>
              <Table.Th>Or one fixed value</Table.Th>
              <Table.Th data-minor>First values</Table.Th>
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
            ? `Counted in the first ${formatCount(columns.countedRows)} rows; the dry run counts all.`
            : 'Counted in all rows.'
        }
      />
      {valued.map((field) => (
        <ValueMap key={field} field={field} map={map} columns={preview.columns} onChange={setMap} />
      ))}
      <MapOptions map={map} onChange={setMap} />
    </Stack>
  )
}

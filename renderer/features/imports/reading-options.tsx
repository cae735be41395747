import { Trans } from '@lingui/react/macro'
import { msg, t } from '@lingui/core/macro'
import { i18n } from '@lingui/core'
import { SimpleGrid, Stack, Table, Text, Title } from '@mantine/core'
import { importReadingSchema, type ImportMap, type ImportPreview, type ImportReading } from '../../../core/contract/imports.ts'
import { useApi } from '../../api/api-context.ts'
import { PickField } from '../../ui/pick-field.tsx'
import { describeLines, withReading } from './import-reading.ts'
import { useImportJob } from './import-job.ts'

const DETECTED = 'detected'
const NO_HEADER = '0'
const DELIMITERS = [
  { value: ',', text: msg`Comma (,)` },
  { value: ';', text: msg`Semicolon (;)` },
  { value: '\t', text: msg({ message: 'Tab', context: 'character' }) },
  { value: '|', text: msg`Bar (|)` },
]

type Props = { readonly preview: ImportPreview; readonly map: ImportMap }

/** Shows how the file was read, and offers other choices. A choice reads the file again. */
export function ReadingOptions({ preview, map }: Props) {
  const { api } = useApi()
  const reread = useImportJob((job) => job.reread)
  const chosen = useImportJob(({ step }) => (step.kind === 'map' ? step.reading : null))
  // A choice is shown, and the next one adds to it, before the file has been read again.
  const reading = chosen ?? importReadingSchema.parse(map)
  const choose = (option: keyof ImportReading, value: string | number | boolean | undefined) =>
    void reread(api, withReading(reading, option, value))
  const delimiters = DELIMITERS.map(({ value, text }) => ({ value, label: i18n.t(text) }))
  return (
    <Stack gap="sm" component="section" aria-label={t`Rows of the file`}>
      <Title order={2}>
        <Trans>Rows of the file</Trans>
      </Title>
      <Text c="dimmed">{describeLines(preview.lineAccount)}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} maw={560} spacing="md">
        {preview.encodings.length > 0 && (
          <PickField
            label={t`Encoding`}
            description={t`With sample values of the file`}
            data={preview.encodings.map(({ encoding, samples }) => ({
              value: encoding,
              label: `${encoding}: ${samples.join(', ')}`,
            }))}
            maxDropdownHeight={320}
            value={chosen?.encoding ?? preview.encoding}
            onChange={(value) => choose('encoding', value ?? undefined)}
          />
        )}
        {preview.kind === 'csv' && (
          <PickField
            label={t`Values are separated by`}
            description={reading.delimiter === undefined ? t`Detected` : t`Chosen`}
            data={
              delimiters.some(({ value }) => value === preview.delimiter)
                ? delimiters
                : [...delimiters, { value: preview.delimiter, label: preview.delimiter }]
            }
            value={chosen?.delimiter ?? preview.delimiter}
            onChange={(value) => choose('delimiter', value ?? undefined)}
          />
        )}
        {preview.sheets.length > 1 && (
          <PickField
            label={t`Sheet`}
            data={[...preview.sheets]}
            value={chosen?.sheet ?? preview.sheet}
            onChange={(value) => choose('sheet', value ?? undefined)}
          />
        )}
        <PickField
          label={t`Line that names the columns`}
          description={reading.headerLine === undefined ? t`Detected` : t`Chosen`}
          data={[
            { value: NO_HEADER, label: t`None: every line is a row` },
            ...headerLines(preview).map((line) => ({ value: String(line), label: t`Line ${line}` })),
          ]}
          value={String(chosen?.headerLine ?? preview.headerLine)}
          onChange={(value) => choose('headerLine', value === null ? undefined : Number(value))}
        />
        {preview.asksMultiline && (
          <PickField
            label={t`Quoted values over several lines`}
            description={t`A quotation mark may be missing`}
            data={[
              { value: DETECTED, label: t`Refuse lines that are not clear` },
              { value: 'yes', label: t`One value may span lines` },
              { value: 'no', label: t`Every line is a row` },
            ]}
            value={reading.multilineCells === undefined ? DETECTED : reading.multilineCells ? 'yes' : 'no'}
            onChange={(value) => choose('multilineCells', value === 'yes' ? true : value === 'no' ? false : undefined)}
          />
        )}
      </SimpleGrid>
      <FirstLines preview={preview} />
    </Stack>
  )
}

/** Returns the lines that can be chosen as the header: the first lines that are not blank, and the current one. */
function headerLines({ firstLines, headerLine }: ImportPreview): number[] {
  const shown = firstLines.flatMap((text, index) => (text.trim() === '' ? [] : [index + 1]))
  return headerLine > firstLines.length ? [...shown, headerLine] : shown
}

/** The number of lines that are shown around the header. */
const SHOWN_LINES = 6

function FirstLines({ preview: { firstLines, headerLine } }: { readonly preview: ImportPreview }) {
  const from = Math.max(0, Math.min(headerLine - 2, firstLines.length - SHOWN_LINES))
  return (
    <Table aria-label={t`First lines of the file`} layout="fixed" withRowBorders={false}>
      <Table.Tbody>
        {firstLines.slice(from, from + SHOWN_LINES).map((text, index) => {
          const line = from + index + 1
          return (
            <Table.Tr key={line}>
              <Table.Td w={40} c="dimmed" ta="right">
                {line}
              </Table.Td>
              <Table.Td>
                <Text ff="monospace" truncate fw={line === headerLine ? 600 : 400}>
                  {text}
                </Text>
              </Table.Td>
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </Table>
  )
}

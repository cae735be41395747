import { msg, t } from '@lingui/core/macro'
import { i18n, type MessageDescriptor } from '@lingui/core'
import { Alert, Stack, Text } from '@mantine/core'
import type { ImportMap, ImportQuestion } from '../../../core/contract/imports.ts'
import { PickField } from '../../ui/pick-field.tsx'
import { decimalChoices, durationChoices, withDuration } from './import-map.ts'

type Props = { readonly questions: readonly ImportQuestion[]; readonly map: ImportMap; onChange: (map: ImportMap) => void }

const LABELS: Record<ImportQuestion['option'], (column: string) => MessageDescriptor> = {
  durationFormat: (column) => msg`Durations are in (${column})`,
  durationDecimal: (column) => msg`The decimal sign is (${column})`,
}

/** The questions that the file does not answer. An import cannot start before they are answered. */
export function MapQuestions({ questions, map, onChange }: Props) {
  if (questions.length === 0) return null
  return (
    <Alert color="orange" title={t`Answer before importing`}>
      <Stack gap="sm">
        {questions.map(({ option, column, choices }) => (
          <Stack key={option} gap={4}>
            <Text>
              {option === 'durationFormat'
                ? t`The durations in “${column}” can be read in more than one way, and the file does not show which.`
                : t`“${column}” has numbers such as 1,234, which can be a thousand or a decimal number.`}
            </Text>
            <PickField
              label={i18n.t(LABELS[option](column))}
              placeholder={t`Choose`}
              w={320}
              data={(option === 'durationFormat' ? durationChoices() : decimalChoices()).filter(({ value }) =>
                choices.includes(value),
              )}
              value={map[option] ?? null}
              onChange={(value) => onChange(withDuration(map, option, value))}
            />
          </Stack>
        ))}
      </Stack>
    </Alert>
  )
}

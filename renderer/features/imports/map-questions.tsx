import { Alert, Stack, Text } from '@mantine/core'
import type { ImportMap, ImportQuestion } from '../../../core/contract/imports.ts'
import { PickField } from '../../ui/pick-field.tsx'
import { DECIMAL_CHOICES, DURATION_CHOICES, withDuration } from './import-map.ts'

type Props = { readonly questions: readonly ImportQuestion[]; readonly map: ImportMap; onChange: (map: ImportMap) => void }

const LABELS: Record<ImportQuestion['option'], string> = {
  durationFormat: 'Durations are in',
  durationDecimal: 'The decimal sign is',
}

/** The questions that the file does not answer. An import cannot start before they are answered. */
export function MapQuestions({ questions, map, onChange }: Props) {
  if (questions.length === 0) return null
  return (
    <Alert color="orange" title="Answer before importing">
      <Stack gap="sm">
        {questions.map(({ option, column, choices }) => (
          <Stack key={option} gap={4}>
            <Text>
              {option === 'durationFormat'
                ? `The durations in “${column}” can be read in more than one way, and the file does not show which.`
                : `“${column}” has numbers such as 1,234, which can be a thousand or a decimal number.`}
            </Text>
            <PickField
              label={`${LABELS[option]} (${column})`}
              placeholder="Choose"
              w={320}
              data={(option === 'durationFormat' ? DURATION_CHOICES : DECIMAL_CHOICES).filter(({ value }) =>
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

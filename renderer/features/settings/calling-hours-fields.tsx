import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Chip, Fieldset, Group, Input, Stack, Text, TextInput } from '@mantine/core'
import type { ChangeEvent, ReactNode } from 'react'
import { weekdayNames } from '../../format/labels.ts'

type TextProps = { readonly value?: string; readonly error?: ReactNode; onChange: (event: ChangeEvent<HTMLInputElement>) => void }

type Props = {
  readonly from: TextProps
  readonly to: TextProps
  /** 1 = Monday … 7 = Sunday, in this order. */
  readonly days: readonly number[]
  readonly daysError: ReactNode
  readonly disabled: boolean
  onDays: (days: number[]) => void
}

/** The fields for the days and hours at which prospects are called, in their own time. */
export function CallingHoursFields({ from, to, days, daysError, disabled, onDays }: Props) {
  return (
    <Fieldset legend={t`Calling hours`}>
      <Stack gap="md">
        <Text c="dimmed">
          <Trans>In the prospect’s own time. Outside these hours you see a warning, and you can still call.</Trans>
        </Text>
        <Group grow gap="sm" align="flex-start">
          <TextInput label={t`From`} placeholder="08:00" disabled={disabled} {...from} />
          <TextInput label={t`Until`} placeholder="20:00" disabled={disabled} {...to} />
        </Group>
        <Input.Wrapper label={t`Days`} labelElement="div" error={daysError}>
          <Chip.Group multiple value={days.map(String)} onChange={(chosen) => onDays(chosen.toSorted().map(Number))}>
            <Group gap="xs" role="group" aria-label={t`Days`}>
              {weekdayNames('short').map((label, index) => (
                <Chip key={label} value={String(index + 1)} disabled={disabled} size="xs">
                  {label}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </Input.Wrapper>
      </Stack>
    </Fieldset>
  )
}

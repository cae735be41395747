import { Input, SegmentedControl } from '@mantine/core'
import { useId } from 'react'
import type { ReactNode } from 'react'

type Props<T extends string> = {
  readonly label: string
  readonly choices: readonly { readonly value: T; readonly label: string }[]
  /** Empty: no value is chosen. */
  readonly value: T | ''
  readonly error?: ReactNode
  readonly required?: boolean
  readonly disabled?: boolean
  /** The name of the field in its form. */
  readonly 'data-path'?: string
  onChange: (value: T) => void
}

/** A field for one of a few values, which are all visible. Arrow keys move between them. */
export function ChoiceField<T extends string>({
  label,
  choices,
  value,
  error,
  required = false,
  disabled = false,
  onChange,
  'data-path': path,
}: Props<T>) {
  const id = useId()
  return (
    <Input.Wrapper label={label} labelElement="div" labelProps={{ id }} error={error} required={required}>
      <SegmentedControl
        fullWidth
        aria-labelledby={id}
        data-path={path}
        data={choices.map((choice) => ({ ...choice }))}
        value={value}
        disabled={disabled}
        onChange={(next) => {
          const choice = choices.find((one) => one.value === next)
          if (choice !== undefined) onChange(choice.value)
        }}
      />
    </Input.Wrapper>
  )
}

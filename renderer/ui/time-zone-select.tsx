import { Select } from '@mantine/core'
import type { SelectProps } from '@mantine/core'
import { useMemo } from 'react'

export function systemTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** Every IANA zone that this runtime knows; typing narrows. */
export function TimeZoneSelect(props: Omit<SelectProps, 'data' | 'searchable' | 'limit'>) {
  const { value } = props
  const zones = useMemo(() => {
    const known = new Set(Intl.supportedValuesOf('timeZone'))
    known.add('UTC')
    if (typeof value === 'string' && value !== '') known.add(value)
    return [...known].toSorted()
  }, [value])
  return <Select {...props} data={zones} searchable limit={100} nothingFoundMessage="No such time zone" />
}

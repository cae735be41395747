import { Select } from '@mantine/core'
import type { ComboboxItem, OptionsFilter, SelectProps } from '@mantine/core'
import { useMemo } from 'react'
import { findTimeZones, RENAMED_ZONES } from './time-zone-search.ts'

const currentName = (zone: string) => RENAMED_ZONES[zone] ?? zone

export function systemTimeZone(): string {
  return currentName(new Intl.DateTimeFormat().resolvedOptions().timeZone)
}

const filter: OptionsFilter = ({ options, search, limit }) => {
  const items = options.filter((option): option is ComboboxItem => 'value' in option)
  const byZone = new Map(items.map((item) => [item.value, item]))
  return findTimeZones([...byZone.keys()], search)
    .slice(0, limit)
    .flatMap((zone) => byZone.get(zone) ?? [])
}

/** Every IANA zone that this runtime has. Typing narrows the list. */
export function TimeZoneSelect(props: Omit<SelectProps, 'data' | 'searchable' | 'limit' | 'filter'>) {
  const { value } = props
  const zones = useMemo(() => {
    const known = new Set(Intl.supportedValuesOf('timeZone').map(currentName))
    known.add('UTC')
    if (typeof value === 'string' && value !== '') known.add(value)
    return [...known].toSorted()
  }, [value])
  return <Select {...props} data={zones} searchable filter={filter} limit={100} nothingFoundMessage="No such time zone" />
}

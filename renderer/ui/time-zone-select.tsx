import { useMemo } from 'react'
import type { ComponentProps } from 'react'
import { PickField } from './pick-field.tsx'

/** Chromium lists some zones under names that IANA gave up; nobody looks for Kolkata under Calcutta. */
const RENAMED: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

const currentName = (zone: string) => RENAMED[zone] ?? zone

export function systemTimeZone(): string {
  return currentName(new Intl.DateTimeFormat().resolvedOptions().timeZone)
}

/** Every IANA zone that this runtime knows; typing narrows. */
export function TimeZoneSelect(props: Omit<ComponentProps<typeof PickField>, 'data' | 'limit'>) {
  const { value } = props
  const zones = useMemo(() => {
    const known = new Set(Intl.supportedValuesOf('timeZone').map(currentName))
    known.add('UTC')
    if (typeof value === 'string' && value !== '') known.add(value)
    return [...known].toSorted()
  }, [value])
  return <PickField {...props} data={zones} limit={100} nothingFoundMessage="No such time zone" />
}

import { t } from '@lingui/core/macro'
import { useMemo } from 'react'
import type { ComponentProps } from 'react'
import { RENAMED_ZONES } from '../../core/time/renamed-zones.ts'
import type { FindChoices } from './match-typed.ts'
import { PickField } from './pick-field.tsx'
import { findTimeZones } from './time-zone-search.ts'

const currentName = (zone: string) => RENAMED_ZONES[zone] ?? zone

export function systemTimeZone(): string {
  return currentName(new Intl.DateTimeFormat().resolvedOptions().timeZone)
}

const findZones: FindChoices = (typed, choices) => {
  const byZone = new Map(choices.map((choice) => [choice.value, choice]))
  return findTimeZones([...byZone.keys()], typed).flatMap((zone) => byZone.get(zone) ?? [])
}

/** A field for an IANA zone of this runtime. Typing narrows the list. */
export function TimeZoneSelect(props: Omit<ComponentProps<typeof PickField>, 'data' | 'limit' | 'find'>) {
  const { value } = props
  const zones = useMemo(() => {
    const known = new Set(Intl.supportedValuesOf('timeZone').map(currentName))
    known.add('UTC')
    if (typeof value === 'string' && value !== '') known.add(value)
    return [...known].toSorted()
  }, [value])
  return <PickField {...props} data={zones} find={findZones} limit={100} nothingFoundMessage={t`No such time zone`} />
}

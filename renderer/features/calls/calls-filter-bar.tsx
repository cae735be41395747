import { t } from '@lingui/core/macro'
import { Button, CloseButton, Group, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { RefObject } from 'react'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../../core/model/call-fields.ts'
import { callTypeLabel, options, outcomeLabel, personLabel, statusLabel } from '../../format/labels.ts'
import { weekHoursLabel } from '../../format/week-hours.ts'
import { MultiFilter } from '../../ui/multi-filter.tsx'
import { PeriodPicker } from '../../ui/period-picker.tsx'
import { useLossReasons, usePeople } from '../../session/use-names.ts'
import { useRights } from '../../session/session-context.ts'
import { changed, MAX_SEARCH_LENGTH, periodOf } from './calls-view.ts'
import type { CallsView } from './calls-view.ts'

const SEARCH_AFTER = 250
const NO_REASON = 'none'

type Props = {
  readonly view: CallsView
  readonly searchField: RefObject<HTMLInputElement | null>
  onChange: (view: CallsView) => void
  /** Moves the focus from the search field to the list. `text`: the searched text, whose first result is selected; null: none is selected. */
  onEnterList: (text: string | null) => void
}

export function CallsFilterBar({ view, searchField, onChange, onEnterList }: Props) {
  const rights = useRights()
  const people = usePeople()
  const reasons = useLossReasons()
  const set = (part: Partial<CallsView>) => onChange(changed(view, part))
  /** Returns the members of `all` that were chosen, with their type. */
  const only = <T,>(values: readonly string[], all: readonly T[]) => all.filter((value) => values.includes(String(value)))
  return (
    <Group gap="sm" role="search" aria-label={t`Filter calls`}>
      <SearchField field={searchField} value={view.text} onChange={(text) => set({ text })} onEnterList={onEnterList} />
      <PeriodPicker
        value={periodOf(view)}
        isResting={view.period === null}
        onChange={(period) => set({ period })}
        withAny
        withUpcoming
      />
      {rights.reach('calls.read') === 'all' && (
        <MultiFilter
          label={t`Agent`}
          choices={people.list.map((person) => ({ value: person.id, label: personLabel(person) }))}
          value={view.userIds}
          onChange={(userIds) => set({ userIds })}
        />
      )}
      <MultiFilter
        label={t`Type`}
        choices={options(CALL_TYPES, callTypeLabel)}
        value={view.callTypes}
        onChange={(values) => set({ callTypes: only(values, CALL_TYPES) })}
      />
      <MultiFilter
        label={t`Status`}
        choices={options(CALL_STATUSES, statusLabel)}
        value={view.statuses}
        onChange={(values) => set({ statuses: only(values, CALL_STATUSES) })}
      />
      <MultiFilter
        label={t`Outcome`}
        choices={options(CALL_OUTCOMES, outcomeLabel)}
        value={view.outcomes}
        onChange={(values) => set({ outcomes: only(values, CALL_OUTCOMES) })}
      />
      <MultiFilter
        label={t`Loss reason`}
        choices={[
          ...reasons.list.map(({ id }) => ({ value: id, label: reasons.name(id) })),
          { value: NO_REASON, label: t`No reason` },
        ]}
        value={view.lossReasonIds.map((id) => id ?? NO_REASON)}
        onChange={(values) => set({ lossReasonIds: values.map((value) => (value === NO_REASON ? null : value)) })}
      />
      {view.weekHours.length > 0 && <Chip label={weekHoursLabel(view.weekHours)} onRemove={() => set({ weekHours: [] })} />}
      {view.hasDuration !== null && (
        <Chip label={view.hasDuration ? t`With a duration` : t`Without a duration`} onRemove={() => set({ hasDuration: null })} />
      )}
    </Group>
  )
}

/** A filter that the dashboard set. It can only be removed. */
function Chip({ label, onRemove }: { readonly label: string; readonly onRemove: () => void }) {
  return (
    <Button variant="light" rightSection={<IconX size={14} />} aria-label={t`${label}: remove this filter`} onClick={onRemove}>
      {label}
    </Button>
  )
}

/** A search field. It searches shortly after the last key, and at once on Enter and ↓, which go to the results. Escape clears it. */
function SearchField({
  field,
  value,
  onChange,
  onEnterList,
}: {
  readonly field: RefObject<HTMLInputElement | null>
  readonly value: string
  readonly onChange: (text: string) => void
  readonly onEnterList: Props['onEnterList']
}) {
  const [{ text, from }, setState] = useState({ text: value, from: value })
  const search = useDebouncedCallback(onChange, SEARCH_AFTER)
  // A link, a reset or the back button may change the address.
  if (from !== value) setState({ text: value, from: value })
  const setText = (typed: string) => setState({ text: typed, from: value })
  const clear = () => {
    setText('')
    onChange('')
  }
  return (
    <TextInput
      ref={field}
      type="search"
      aria-label={t`Search calls`}
      placeholder={t`Name, e-mail, phone, notes`}
      leftSection={<IconSearch size={14} />}
      rightSection={text !== '' && <CloseButton size="sm" aria-label={t`Clear search`} onClick={clear} />}
      flex="1 1 180px"
      miw={180}
      maw={280}
      maxLength={MAX_SEARCH_LENGTH}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        search(event.currentTarget.value)
      }}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return
        if (event.key === 'Escape') {
          event.preventDefault()
          search.cancel()
          if (text !== '' || value !== '') clear()
          onEnterList(null)
        } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
          event.preventDefault()
          search.cancel()
          if (text !== value) onChange(text)
          onEnterList(text)
        }
      }}
    />
  )
}

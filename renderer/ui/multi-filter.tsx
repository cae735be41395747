import { Button, CheckIcon, Combobox, Group, useCombobox } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'

/** From this many choices on there is a field to search them. */
const SEARCH_FROM = 9

type Choice = { readonly value: string; readonly label: string }
type Props = {
  readonly label: string
  readonly choices: readonly Choice[]
  readonly value: readonly string[]
  onChange: (value: string[]) => void
}

/** What the button says: the label alone, with the one choice, or with how many. */
export function filterText(label: string, chosen: readonly string[]): string {
  if (chosen.length === 0) return label
  return `${label}: ${chosen.length === 1 ? chosen[0] : chosen.length}`
}

/** One filter of a bar: a button that keeps its place, and a list in which several values can be ticked. */
export function MultiFilter({ label, choices, value, onChange }: Props) {
  const [search, setSearch] = useState('')
  const searchable = choices.length >= SEARCH_FROM
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption()
      setSearch('')
    },
    onDropdownOpen: () => {
      if (searchable) combobox.focusSearchInput()
      else combobox.selectFirstOption()
    },
  })
  const chosen = choices.filter((choice) => value.includes(choice.value)).map((choice) => choice.label)
  const shown = choices.filter((choice) => choice.label.toLowerCase().includes(search.trim().toLowerCase()))

  function toggle(option: string) {
    onChange(value.includes(option) ? value.filter((other) => other !== option) : [...value, option])
  }

  return (
    <Combobox store={combobox} width={240} position="bottom-start" onOptionSubmit={toggle}>
      <Combobox.Target targetType="button">
        <Button
          variant={value.length > 0 ? 'light' : 'default'}
          rightSection={<IconChevronDown size={14} />}
          onClick={() => combobox.toggleDropdown()}
          aria-label={chosen.length > 1 ? `${label}: ${chosen.join(', ')}` : undefined}
        >
          {filterText(label, chosen)}
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        {searchable && (
          <Combobox.Search
            value={search}
            onChange={(event) => {
              setSearch(event.currentTarget.value)
              combobox.resetSelectedOption()
            }}
            placeholder="Search"
            aria-label={`Search ${label.toLowerCase()}`}
          />
        )}
        <Combobox.Options mah={320} style={{ overflowY: 'auto' }} aria-label={label} aria-multiselectable>
          {shown.map((choice) => {
            const active = value.includes(choice.value)
            return (
              <Combobox.Option key={choice.value} value={choice.value} active={active} aria-selected={active}>
                <Group justify="space-between" wrap="nowrap" gap="sm">
                  {choice.label}
                  {active && <CheckIcon size={10} />}
                </Group>
              </Combobox.Option>
            )
          })}
          {shown.length === 0 && <Combobox.Empty>Nothing by that name</Combobox.Empty>}
        </Combobox.Options>
        {value.length > 0 && (
          <Combobox.Footer>
            <Button variant="subtle" fullWidth onClick={() => onChange([])}>
              Clear
            </Button>
          </Combobox.Footer>
        )}
      </Combobox.Dropdown>
    </Combobox>
  )
}

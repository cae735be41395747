import { i18n } from '@lingui/core'
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, CheckIcon, Combobox, Group, useCombobox } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { ComponentProps, KeyboardEvent } from 'react'
import classes from './filter-bar.module.css'
import { listTyped, matchTyped, type Choice } from './match-typed.ts'
import { useFocusBack } from './idle-focus.ts'
import { useFirstFocus } from './use-first-focus.ts'

type Props = {
  readonly label: string
  readonly choices: readonly Choice[]
  readonly value: readonly string[]
  onChange: (value: string[]) => void
}

/** Returns the text of the button: the label, the one choice, or the number of choices. Its name and tooltip contain the label. */
function filterText(label: string, chosen: readonly string[]): string {
  if (chosen.length > 1) return `${label}: ${chosen.length}`
  return chosen[0] ?? label
}

/** Labels keep their capitals in languages that write nouns with them. */
function searchLabel(label: string): string {
  const what = i18n.locale === 'en' ? label.toLowerCase() : label
  return t`Search ${what}`
}

/**
 * One filter of a bar: a button with a fixed place and width, and a list in which several values can be ticked. Typing narrows the list.
 * Enter ticks the highlighted value, which is the first one at the start.
 */
export function MultiFilter({ label, choices, value, onChange }: Props) {
  const [search, setSearch] = useState('')
  const button = useRef<HTMLButtonElement>(null)
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption()
      setSearch('')
    },
  })
  // The first option can be selected only after the list was rendered, when it opens and after each typed key.
  const { dropdownOpened, selectFirstOption } = combobox
  useFocusBack(dropdownOpened, button)
  useEffect(() => {
    if (dropdownOpened) selectFirstOption()
    // `search` decides which options are rendered, and the library finds the first one in the page.
    // eslint-disable-next-line react/exhaustive-effect-dependencies
  }, [dropdownOpened, search, selectFirstOption])
  const chosen = choices.filter((choice) => value.includes(choice.value)).map((choice) => choice.label)
  const shown = listTyped(search, choices)

  const named = `${label}: ${chosen.join(', ')}`

  function toggle(option: string) {
    onChange(value.includes(option) ? value.filter((other) => other !== option) : [...value, option])
  }

  /** Tab ticks what was typed if that is one value. Otherwise the list stays open, so that the text is not dropped. */
  function onTab(event: KeyboardEvent) {
    if (event.key !== 'Tab' || search.trim() === '') return
    event.preventDefault()
    const match = matchTyped(search, choices)
    if (match.kind === 'none') return
    if (!value.includes(match.value)) toggle(match.value)
    combobox.closeDropdown('keyboard')
  }

  return (
    <Combobox
      store={combobox}
      width={240}
      position="bottom-start"
      // In a low window the list is as high as the room for it, and scrolls.
      middlewares={{ flip: true, shift: true, size: { padding: 8 } }}
      onOptionSubmit={toggle}
    >
      <Combobox.Target targetType="button">
        <Button
          ref={button}
          classNames={{ root: classes.filter, label: classes.label }}
          variant={value.length > 0 ? 'light' : 'default'}
          rightSection={<IconChevronDown size={14} />}
          onClick={() => combobox.toggleDropdown()}
          {...(chosen.length > 0 && { 'aria-label': named, title: named })}
        >
          <span className={classes.text}>{filterText(label, chosen)}</span>
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown className={classes.list ?? ''}>
        <SearchField
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={onTab}
          placeholder={t`Type to search`}
          aria-label={searchLabel(label)}
        />
        <Combobox.Options className={classes.options ?? ''} aria-label={label} aria-multiselectable>
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
          {shown.length === 0 && (
            <Combobox.Empty>
              <Trans>No match</Trans>
            </Combobox.Empty>
          )}
        </Combobox.Options>
        {value.length > 0 && (
          <Combobox.Footer>
            <Button variant="subtle" fullWidth onClick={() => onChange([])}>
              <Trans>Clear</Trans>
            </Button>
          </Combobox.Footer>
        )}
      </Combobox.Dropdown>
    </Combobox>
  )
}

function SearchField(props: ComponentProps<typeof Combobox.Search>) {
  const field = useRef<HTMLInputElement>(null)
  useFirstFocus(field)
  return <Combobox.Search {...props} ref={field} />
}

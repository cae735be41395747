import { useId, useState, type KeyboardEvent } from 'react'

/** The attributes of one entry. `data-combobox-selected` is the style of the library. */
type OptionAttributes = {
  readonly id: string
  readonly 'aria-selected': boolean
  readonly 'data-combobox-selected': true | undefined
}

export type OptionList = {
  readonly listId: string
  /** The highlighted entry. */
  readonly active: number
  /** What a screen reader reads with the field. */
  readonly ofField: {
    readonly 'aria-autocomplete': 'list'
    readonly 'aria-haspopup': 'listbox'
    readonly 'aria-controls': string | undefined
    readonly 'aria-activedescendant': string | undefined
  }
  ofOption: (place: number) => OptionAttributes
  /** Highlights the first entry. */
  reset: () => void
  /** Moves the highlight with an arrow key. @returns whether the key was one */
  move: (event: KeyboardEvent) => boolean
}

/**
 * A list of entries below a text field, which keeps the focus. The first entry is highlighted. The library highlights one only after an arrow
 * key, and names none to a screen reader before.
 */
export function useOptionList(count: number, isOpen: boolean): OptionList {
  const listId = useId()
  const [chosen, choose] = useState(0)
  const active = Math.min(chosen, Math.max(0, count - 1))
  const idOf = (place: number) => `${listId}-${place}`
  return {
    listId,
    active,
    ofField: {
      'aria-autocomplete': 'list',
      'aria-haspopup': 'listbox',
      'aria-controls': isOpen ? listId : undefined,
      'aria-activedescendant': isOpen && count > 0 ? idOf(active) : undefined,
    },
    ofOption: (place) => ({
      id: idOf(place),
      'aria-selected': place === active,
      'data-combobox-selected': place === active || undefined,
    }),
    reset: () => choose(0),
    move(event) {
      const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
      if (!isOpen || by === 0 || count === 0) return false
      event.preventDefault()
      choose((active + by + count) % count)
      return true
    },
  }
}

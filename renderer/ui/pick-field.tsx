import { t } from '@lingui/core/macro'
import { Select } from '@mantine/core'
import type { SelectProps } from '@mantine/core'
import { useMergedRef } from '@mantine/hooks'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { KeyboardEvent, Ref } from 'react'
import { foldText, listTyped, matchTyped } from './match-typed.ts'
import type { Choice, FindChoices } from './match-typed.ts'

type Props = Omit<
  SelectProps,
  'data' | 'filter' | 'value' | 'defaultValue' | 'onChange' | 'searchable' | 'searchValue' | 'onSearchChange' | 'ref'
> & {
  readonly ref?: Ref<HTMLInputElement>
  readonly data: readonly (string | Choice)[]
  /** Empty or null: no value. */
  readonly value?: string | null
  /** Returns the choices for a typed text; by default those whose label contains it. */
  readonly find?: FindChoices
  /** Adds a choice with the typed text as its label, and returns its value; null: it could not be added. Absent: no choice can be added. */
  readonly onCreate?: ((text: string) => Promise<string | null>) | undefined
  /** @param value null only where the field is `clearable`. */
  onChange?: (value: string | null) => void
}

/** The value of the entry that adds the typed text to the list. */
const CREATE = '\u0000create'

/**
 * A field for one value of a list, found by typing. Typed text is never discarded: on blur and on submit it becomes the value that it
 * matches, or an error that prevents the submit. Escape restores the chosen value.
 */
export function PickField({
  ref,
  data,
  value = null,
  onChange,
  error,
  onBlur,
  clearable = false,
  find = listTyped,
  onCreate,
  ...others
}: Props) {
  const choices = data.map((item): Choice => (typeof item === 'string' ? { value: item, label: item } : item))
  const chosen = choices.find((choice) => choice.value === value)
  /** The typed text; null: the field shows the chosen value. */
  const [typed, setTyped] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [typedOver, setTypedOver] = useState(value)
  const input = useRef<HTMLInputElement>(null)
  const merged = useMergedRef(ref, input)

  function show(text: string | null) {
    setTyped(text)
    setProblem(null)
  }
  // Another part of the form has chosen a value.
  if (typedOver !== value) {
    setTypedOver(value)
    show(null)
  }

  const shown = typed?.trim() ?? ''
  const mayCreate = onCreate !== undefined && shown !== '' && !choices.some(({ label }) => foldText(label) === foldText(shown))
  const added: readonly Choice[] = mayCreate ? [{ value: CREATE, label: t`Add “${shown}”` }] : []

  async function create() {
    const made = await onCreate?.(shown)
    if (made !== null && made !== undefined) take(made)
  }

  function take(next: string | null) {
    show(null)
    if (next !== value) onChange?.(next)
  }

  /** Chooses the value that the typed text matches. @returns false if it does not match exactly one. */
  function settle(): boolean {
    if (typed === null) return true
    if (typed.trim() === '' && clearable) {
      take(null)
      return true
    }
    const found = matchTyped(typed, choices, find)
    if (found.kind === 'one') take(found.value)
    else setProblem(found.problem)
    return found.kind === 'one'
  }

  const settleNow = useRef(settle)
  useLayoutEffect(() => {
    settleNow.current = settle
  })
  useEffect(() => {
    const form = input.current?.form
    const onSubmit = (event: Event) => {
      if (settleNow.current()) return
      event.preventDefault()
      event.stopPropagation()
      input.current?.focus()
    }
    // Runs before the form's own handler.
    form?.addEventListener('submit', onSubmit, { capture: true })
    return () => form?.removeEventListener('submit', onSubmit, { capture: true })
  }, [])

  function onKeyDownCapture(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      // Without this the list chooses its first entry.
      event.preventDefault()
      event.stopPropagation()
      if (settle()) input.current?.form?.requestSubmit()
    } else if (event.key === 'Enter' && typed !== null && !mayCreate && find(typed, choices).length === 0) {
      // Forms submit nothing on Enter while their button is disabled: the error is shown here.
      event.preventDefault()
      settle()
    } else if (event.key === 'Escape' && typed !== null) {
      // The panel stays open.
      event.preventDefault()
      show(null)
    }
  }

  return (
    <Select
      // Tab passes through the field without opening a list over the next fields. A key or a click opens it.
      openOnFocus={false}
      {...others}
      ref={merged}
      data={[...choices, ...added].map((choice) => ({ ...choice }))}
      value={chosen?.value ?? null}
      searchable
      searchValue={typed ?? chosen?.label ?? ''}
      clearable={clearable}
      selectFirstOptionOnChange
      nothingFoundMessage={others.nothingFoundMessage ?? t`No match`}
      error={problem ?? error}
      // The list also calls this while it is closed, with an empty text.
      filter={({ search, limit }) => [...(search === '' ? choices : find(search, choices)), ...added].slice(0, limit)}
      onInput={(event) => show(event.currentTarget.value)}
      onOptionSubmit={(next) => (next === CREATE ? void create() : take(next))}
      onClear={() => take(null)}
      onKeyDownCapture={onKeyDownCapture}
      onFocus={(event) => {
        event.currentTarget.select()
        others.onFocus?.(event)
      }}
      onBlur={(event) => {
        settle()
        onBlur?.(event)
      }}
    />
  )
}

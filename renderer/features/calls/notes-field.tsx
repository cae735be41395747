import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Combobox, Text, Textarea, useCombobox } from '@mantine/core'
import { useMergedRef } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useLayoutEffect, useRef, useState } from 'react'
import type { ComponentProps, KeyboardEvent, Ref } from 'react'
import type { NoteTemplate } from '../../../core/model/preferences.ts'
import { useApi } from '../../api/api-context.ts'
import { useOptionList } from '../../ui/use-option-list.ts'
import { filledTemplate, insertedAt, slashAt, templatesFor, type TemplateFacts } from './note-templates.ts'

const NONE: readonly NoteTemplate[] = []

type Props = Omit<ComponentProps<typeof Textarea>, 'value' | 'onChange' | 'ref'> & {
  readonly ref: Ref<HTMLTextAreaElement>
  readonly value: string
  readonly facts: () => TemplateFacts
  onChange: (text: string) => void
}

/** The notes of a call. A line that begins with `/` lists the person's templates. Enter inserts one, Escape keeps the text. */
export function NotesField({ ref, value, facts, onChange, ...field }: Props) {
  const { query } = useApi()
  const templates = useQuery(query.preferences.get.queryOptions()).data?.note_templates
  const input = useRef<HTMLTextAreaElement>(null)
  const merged = useMergedRef(ref, input)
  /** The position of the caret while text is typed; null: no list. */
  const [caret, setCaret] = useState<number | null>(null)
  const slash = caret === null ? null : slashAt(value, caret)
  const found = slash === null ? NONE : templatesFor(slash.typed, templates ?? NONE)
  const isEmpty = templates?.length === 0 && slash?.typed === ''
  const isOpen = slash !== null && (found.length > 0 || isEmpty)
  const list = useOptionList(found.length, isOpen)
  const combobox = useCombobox({ opened: isOpen })

  /** The position of the caret after a template was inserted. */
  const due = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (due.current === null) return
    input.current?.setSelectionRange(due.current, due.current)
    due.current = null
  })
  function insert(template: NoteTemplate | undefined) {
    if (template === undefined || slash === null) return
    const inserted = insertedAt(value, slash, filledTemplate(template.text, facts()))
    due.current = inserted.caret
    setCaret(null)
    onChange(inserted.text)
  }

  function onKeyDownCapture(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (!isOpen || list.move(event)) return
    const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey
    if (event.key === 'Enter' && isPlain && found.length > 0) {
      event.preventDefault()
      event.stopPropagation()
      insert(found[list.active])
    } else if (event.key === 'Enter') {
      // The list is empty, or the form is saved.
      setCaret(null)
    } else if (event.key === 'Escape') {
      // The panel stays open.
      event.preventDefault()
      event.stopPropagation()
      setCaret(null)
    }
  }

  return (
    <Combobox store={combobox} onOptionSubmit={(id) => insert(found.find((template) => template.id === id))} withinPortal>
      <Combobox.Target withAriaAttributes={false} withKeyboardNavigation={false}>
        <Textarea
          {...field}
          ref={merged}
          {...list.ofField}
          label={t`Notes`}
          placeholder={t`/ inserts a template`}
          autosize
          minRows={3}
          maxRows={12}
          value={value}
          onChange={(event) => {
            setCaret(event.currentTarget.selectionStart)
            list.reset()
            onChange(event.currentTarget.value)
          }}
          onKeyDownCapture={onKeyDownCapture}
          onBlur={(event) => {
            setCaret(null)
            field.onBlur?.(event)
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!isOpen}>
        <Combobox.Options id={list.listId} aria-label={t`Templates`}>
          {found.map((template, place) => (
            <Combobox.Option key={template.id} value={template.id} {...list.ofOption(place)}>
              <Text fw={500}>{template.name}</Text>
              <Text size="xs" lineClamp={1}>
                {template.text}
              </Text>
            </Combobox.Option>
          ))}
          {isEmpty && (
            <Combobox.Empty>
              <Trans>You have no templates. Create one in Settings, under “Note templates”.</Trans>
            </Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

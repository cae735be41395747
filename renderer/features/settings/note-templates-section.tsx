import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { ActionIcon, Button, Group, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconArrowDown, IconArrowUp, IconPencil, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { createIdGenerator } from '../../../core/id.ts'
import { noteTemplateSchema, type NoteTemplate } from '../../../core/model/preferences.ts'
import { useApi } from '../../api/api-context.ts'
import { fieldErrors } from '../../api/explain-error.ts'
import { FormError, Shown } from '../../feedback/states.tsx'
import { formRules } from '../../feedback/form-rules.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { useFocusBack } from '../../ui/idle-focus.ts'
import { movedTemplates } from './note-template-order.ts'
import { usePreferenceChanges } from './use-preference-changes.ts'

const newId = createIdGenerator(Date.now, (length) => crypto.getRandomValues(new Uint8Array(length)))
const fieldsSchema = noteTemplateSchema.pick({ name: true, text: true })

/** The placeholders are the same in every language. */
const [nameMark, agentMark, dateMark] = ['{name}', '{agent}', '{date}']

type Fields = Pick<NoteTemplate, 'name' | 'text'>

/** Changes templates, each change with Undo. */
function useTemplates() {
  const change = usePreferenceChanges('note_templates')
  return {
    /** @param id null: a new template. One that another device has deleted since is added again. */
    save(id: NoteTemplate['id'] | null, { name, text }: Fields, list: readonly NoteTemplate[]): Promise<void> {
      const present = list.find((template) => template.id === id)
      const last = list.at(-1)?.position
      const position = present === undefined ? (last === undefined ? 0 : last + 1) : (present.position ?? 0)
      const done = present === undefined ? t`Template “${name}” added` : t`Template “${name}” changed`
      return change(done, { [id ?? newId()]: { name, text, position } })
    },
    remove: ({ id, name }: NoteTemplate) => change(t`Template “${name}” deleted`, { [id]: null }),
    move({ id, name }: NoteTemplate, by: -1 | 1, list: readonly NoteTemplate[]): Promise<void> {
      const moved = movedTemplates(list, id, by).map(({ id: each, position = 0, ...fields }) => [each, { ...fields, position }])
      const done = by === 1 ? t`Template “${name}” moved down` : t`Template “${name}” moved up`
      return change(done, Object.fromEntries(moved))
    },
  }
}

/** A person's templates for notes. A line of a note that begins with `/` lists them. */
export function NoteTemplatesSection() {
  const { query } = useApi()
  const preferences = useQuery(query.preferences.get.queryOptions())
  const templates = useTemplates()
  /** The id of the template in the form; null: a new one; undefined: no form. */
  const [edited, edit] = useState<NoteTemplate['id'] | null>()
  const addButton = useRef<HTMLButtonElement>(null)
  useFocusBack(edited !== undefined, addButton)
  const change = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onError: notifyError })
  // Another template in the form would replace what was typed.
  const isBusy = edited !== undefined || change.isPending
  return (
    <Stack gap="sm" component="section" aria-label={t`Note templates`} data-place="note-templates">
      <Title order={2}>
        <Trans>Note templates</Trans>
      </Title>
      <Text c="dimmed">
        <Trans>
          In the notes of a call, type / at the start of a line and choose one. {nameMark} becomes the prospect’s name,{' '}
          {agentMark} the agent’s, {dateMark} the date. They are on all of your devices, and only you see them.
        </Trans>
      </Text>
      <Shown query={preferences} what={t`Note templates`}>
        {({ note_templates: list }) => (
          <>
            {list.length === 0 && edited === undefined && (
              <Text>
                <Trans>
                  You have no templates. Add one for a note that you often type, such as “Left a voicemail for {nameMark}.”
                </Trans>
              </Text>
            )}
            <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
              {list.map((template, place) => {
                const { name } = template
                return (
                  <Group key={template.id} component="li" justify="space-between" wrap="nowrap" gap="sm">
                    <Stack gap={0} miw={0}>
                      <Text fw={500} truncate>
                        {name}
                      </Text>
                      <Text size="xs" c="dimmed" truncate>
                        {template.text}
                      </Text>
                    </Stack>
                    <Group gap={0} wrap="nowrap">
                      <ActionIcon
                        aria-label={t`Move ${name} up`}
                        disabled={place === 0 || isBusy}
                        onClick={() => change.mutate(() => templates.move(template, -1, list))}
                      >
                        <IconArrowUp size={16} />
                      </ActionIcon>
                      <ActionIcon
                        aria-label={t`Move ${name} down`}
                        disabled={place === list.length - 1 || isBusy}
                        onClick={() => change.mutate(() => templates.move(template, 1, list))}
                      >
                        <IconArrowDown size={16} />
                      </ActionIcon>
                      <ActionIcon aria-label={t`Edit ${name}`} disabled={isBusy} onClick={() => edit(template.id)}>
                        <IconPencil size={16} />
                      </ActionIcon>
                      <ActionIcon
                        aria-label={t`Delete ${name}`}
                        disabled={isBusy}
                        onClick={() => change.mutate(() => templates.remove(template))}
                      >
                        <IconTrash size={16} />
                      </ActionIcon>
                    </Group>
                  </Group>
                )
              })}
            </Stack>
            {edited === undefined ? (
              <Group>
                <Button ref={addButton} variant="default" onClick={() => edit(null)}>
                  <Trans>Add template</Trans>
                </Button>
              </Group>
            ) : (
              <TemplateForm
                template={list.find(({ id }) => id === edited) ?? null}
                save={async (fields) => {
                  await templates.save(edited, fields, list)
                  edit(undefined)
                }}
                onCancel={() => edit(undefined)}
              />
            )}
          </>
        )}
      </Shown>
    </Stack>
  )
}

type FormProps = {
  readonly template: NoteTemplate | null
  save: (fields: Fields) => Promise<void>
  onCancel: () => void
}

function TemplateForm({ template, save, onCancel }: FormProps) {
  const form = useForm({
    initialValues: { name: template?.name ?? '', text: template?.text ?? '' },
    validate: formRules(fieldsSchema),
  })
  const submit = useMutation({
    mutationFn: (values: typeof form.values) => save(fieldsSchema.parse(values)),
    onError: (error) => form.setErrors(fieldErrors(error)),
  })
  return (
    <form onSubmit={form.onSubmit((values) => submit.mutate(values))} noValidate aria-label={t`Template`}>
      <Stack gap="sm">
        <TextInput label={t`Template name`} required autoFocus autoComplete="off" {...form.getInputProps('name')} />
        <Textarea label={t`Template text`} required autosize minRows={2} maxRows={8} {...form.getInputProps('text')} />
        <FormError error={submit.error} />
        <Group justify="flex-end">
          <Button variant="subtle" onClick={onCancel}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={submit.isPending}>
            {template === null ? <Trans>Save template</Trans> : <Trans>Save changes</Trans>}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

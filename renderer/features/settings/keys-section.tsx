import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { ActionIcon, Button, Group, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import { IconPlus, IconRestore } from '@tabler/icons-react'
import { useLayoutEffect, useRef, useState } from 'react'
import { ACTION_IDS, actionOf, GROUP_IDS, isFixed, keyActionLabel, keyGroupLabel, type ActionId } from '../../keys/actions.ts'
import { reset, swapped, withKey, type KeysPatch } from '../../keys/bindings.ts'
import { KeyName } from '../../keys/key-list.tsx'
import { keyText } from '../../keys/key-text.ts'
import { takenBy, windowKind } from '../../keys/taken-keys.ts'
import { useBindings, useOwnKeys } from '../../keys/use-actions.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { useRights } from '../../session/session-context.ts'
import { KeyRecorder } from './key-recorder.tsx'
import classes from './keys-section.module.css'
import { usePreferenceChanges } from './use-preference-changes.ts'

/** The most keys of one action. */
const MOST_KEYS = 4

const removedText = (key: string, label: string) => t`${key} removed from “${label}”`
const hasKeyText = (label: string, key: string) => t`“${label}” now uses ${key}`
const changeText = (key: string) => t`Change ${key}`

/** `old` null: a key is added. */
type Editing = { readonly id: ActionId; readonly old: string | null }

/** The keys of the person, which they can change. */
export function KeysSection() {
  const rights = useRights()
  const own = useOwnKeys()
  const change = usePreferenceChanges('keys')
  /** Returns whether the keys were saved. */
  async function save(label: string, patch: KeysPatch): Promise<boolean> {
    try {
      await change(label, patch)
      return true
    } catch (error) {
      notifyError(error)
      return false
    }
  }
  const ids = ACTION_IDS.filter((id) => {
    const { needs } = actionOf(id)
    return !isFixed(id) && (needs === undefined || rights.reach(needs) !== 'none')
  })
  const changed = ACTION_IDS.filter((id) => own[id] !== undefined)
  const resetAll = () => save(t`All keys reset`, Object.fromEntries(changed.map((id) => [id, null])))
  return (
    <Stack gap="sm" component="section" aria-label={t`Keys`} data-place="keys">
      <Group justify="space-between">
        <Title order={2}>
          <Trans>Keys</Trans>
        </Title>
        <Button variant="subtle" disabled={changed.length === 0} onClick={() => void resetAll()}>
          <Trans>Reset all keys</Trans>
        </Button>
      </Group>
      <Text c="dimmed">
        <Trans>Your own keys. They are the same on all your devices.</Trans>
      </Text>
      {GROUP_IDS.map((group) => ({ group, found: ids.filter((id) => actionOf(id).group === group) }))
        .filter(({ found }) => found.length > 0)
        .map(({ group, found }) => (
          <Stack key={group} gap={0}>
            <Title order={3}>{keyGroupLabel(group)}</Title>
            {found.map((id) => (
              <KeyRow key={id} id={id} onSave={save} />
            ))}
          </Stack>
        ))}
    </Stack>
  )
}

function KeyRow({
  id,
  onSave,
}: {
  readonly id: ActionId
  readonly onSave: (label: string, patch: KeysPatch) => Promise<boolean>
}) {
  const own = useOwnKeys()
  const bindings = useBindings()
  const [editing, setEditing] = useState<Editing | null>(null)
  const row = useRef<HTMLDivElement>(null)
  const wasEditing = useRef(false)
  const label = keyActionLabel(id)
  const keys = bindings[id]
  const kind = windowKind(window.location)
  const lost = keys.filter((key) => takenBy(key, kind) === 'browser')

  const lostKeys = lost.map(keyText).join(', ')

  // The recorder replaces the button that opened it.
  useLayoutEffect(() => {
    if (wasEditing.current && editing === null) row.current?.querySelector('button')?.focus()
    wasEditing.current = editing !== null
  }, [editing])

  function apply(text: string, patch: KeysPatch) {
    void onSave(text, patch).then((isSaved) => isSaved && setEditing(null))
  }
  function store(old: string | null, key: string | null) {
    apply(key === null ? removedText(keyText(old ?? ''), label) : hasKeyText(label, keyText(key)), withKey(own, id, old, key))
  }

  return (
    <div ref={row} className={classes.row} role="group" aria-label={label}>
      <Group justify="space-between" gap="sm" wrap="nowrap">
        <Text>{label}</Text>
        {editing === null && (
          <Group gap="xs" wrap="nowrap">
            {keys.map((key) => (
              <UnstyledButton
                key={key}
                aria-label={changeText(keyText(key))}
                className={classes.key ?? ''}
                onClick={() => setEditing({ id, old: key })}
              >
                <KeyName name={key} />
              </UnstyledButton>
            ))}
            {keys.length < MOST_KEYS && (
              <ActionIcon aria-label={t`Add a key`} onClick={() => setEditing({ id, old: null })}>
                <IconPlus size={14} />
              </ActionIcon>
            )}
            {own[id] !== undefined && (
              <ActionIcon aria-label={t`Reset`} onClick={() => apply(t`Keys for “${label}” reset`, reset(own, id))}>
                <IconRestore size={14} />
              </ActionIcon>
            )}
          </Group>
        )}
      </Group>
      {lost.length > 0 && (
        <Text c="dimmed" size="xs">
          {t`Only in the application’s own window: ${lostKeys}. Here the browser uses it.`}
        </Text>
      )}
      {editing !== null && (
        <KeyRecorder
          id={id}
          old={editing.old}
          bindings={bindings}
          onSave={(key) => store(editing.old, key)}
          onSwap={(key) => apply(hasKeyText(label, keyText(key)), swapped(own, id, editing.old, key))}
          onCancel={() => setEditing(null)}
        />
      )}
    </div>
  )
}

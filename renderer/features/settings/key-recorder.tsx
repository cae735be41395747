import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Alert, Button, Group, Stack, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { actionOf, isFixed, keyActionLabel, type ActionId } from '../../keys/actions.ts'
import { holdersOf, type Bindings } from '../../keys/bindings.ts'
import { keyText, recorded } from '../../keys/key-text.ts'
import { whyNotUsable, windowKind } from '../../keys/taken-keys.ts'
import { keyName } from '../../ui/use-keys.ts'

type Props = {
  readonly id: ActionId
  /** The key that is replaced; null: a key is added. */
  readonly old: string | null
  readonly bindings: Bindings
  /** `key` null: the old key is removed. */
  onSave: (key: string | null) => void
  /** Called if the person takes a key from other actions. */
  onSwap: (key: string) => void
  onCancel: () => void
}

/** Keys that are held while another one is pressed, and keys without a usable name. */
const INCOMPLETE: ReadonlySet<string> = new Set([
  ...['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Fn', 'OS', 'NumLock', 'ScrollLock'],
  ...['Dead', 'Process', 'Unidentified', 'Compose'],
])
const inQuotes = (label: string) => t`“${label}”`
const quoted = (ids: readonly ActionId[]) => ids.map((id) => inQuotes(keyActionLabel(id))).join(', ')

/** A field that takes the next keys as the keys of an action. */
export function KeyRecorder({ id, old, bindings, onSave, onSwap, onCancel }: Props) {
  const [key, setKey] = useState<string | null>(null)
  const swap = useRef<HTMLButtonElement>(null)
  const { group } = actionOf(id)
  const label = keyActionLabel(id)
  const holders = key === null ? [] : holdersOf(key, id, bindings)
  const needed = holders.filter(isFixed)
  const pressed = key === null ? '' : keyText(key)
  const former = old === null ? '' : keyText(old)
  const others = quoted(needed.length > 0 ? needed : holders)
  const why =
    key === null
      ? undefined
      : needed.length > 0
        ? t`${pressed} is reserved for ${others}. Press another key.`
        : whyNotUsable(key, group, windowKind(window.location))
  const isConflict = key !== null && why === undefined && holders.length > 0
  const isSwap = holders.length === 1 && old !== null

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    const { nativeEvent } = event
    if (nativeEvent.isComposing || INCOMPLETE.has(event.key) || event.key === 'Tab') return
    event.preventDefault()
    event.stopPropagation()
    // AltGr types a character.
    if (event.repeat || event.getModifierState('AltGraph')) return
    const name = keyName(nativeEvent)
    if (name === 'Escape') onCancel()
    else if (name === 'Enter') {
      if (isConflict) swap.current?.focus()
      else if (key !== null && why === undefined) onSave(key)
    } else if (name === 'Backspace') {
      if (key !== null) setKey(null)
      else if (old !== null) onSave(null)
    } else setKey(recorded(key, name))
  }

  return (
    <Stack gap="xs">
      <TextInput
        aria-label={old === null ? t`New key for ${label}` : t`Key for ${label} instead of ${former}`}
        description={
          old === null
            ? t`Press the keys. Enter saves, Esc cancels.`
            : t`Press the keys. Enter saves, Esc cancels, Backspace removes the key.`
        }
        placeholder={old === null ? t`Press the keys` : former}
        inputWrapperOrder={['input', 'description', 'error']}
        value={pressed}
        error={why}
        readOnly
        autoFocus
        onKeyDown={onKeyDown}
      />
      {isConflict && (
        <Alert role="alert" color="orange">
          <Stack gap="xs">
            {isSwap
              ? t`${pressed} is already used for ${others}. It gets ${former} instead.`
              : holders.length > 1
                ? t`${pressed} is already used for ${others}. They lose this key.`
                : t`${pressed} is already used for ${others}. It loses this key.`}
            <Group gap="sm">
              <Button ref={swap} variant="default" onClick={() => onSwap(key)}>
                {isSwap ? t`Swap` : t`Use it here`}
              </Button>
              <Button variant="subtle" onClick={onCancel}>
                <Trans>Cancel</Trans>
              </Button>
            </Group>
          </Stack>
        </Alert>
      )}
      {!isConflict && (
        <Group gap="sm">
          <Button variant="default" disabled={key === null || why !== undefined} onClick={() => onSave(key)}>
            <Trans>Save key</Trans>
          </Button>
          {old !== null && (
            <Button variant="subtle" onClick={() => onSave(null)}>
              {t`Remove ${former}`}
            </Button>
          )}
          <Button variant="subtle" onClick={onCancel}>
            <Trans>Cancel</Trans>
          </Button>
        </Group>
      )}
    </Stack>
  )
}

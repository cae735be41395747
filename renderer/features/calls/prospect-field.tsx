import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Combobox, Group, Stack, Text, TextInput, useCombobox } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useLayoutEffect, useRef, useState } from 'react'
import type { ComponentProps, KeyboardEvent, Ref } from 'react'
import type { ProspectMatch } from '../../../core/contract/prospects.ts'
import { useApi } from '../../api/api-context.ts'
import { resultLabel } from '../../format/labels.ts'
import { spokenTime } from '../../format/spoken-time.ts'
import { formatNearDay } from '../../format/times.ts'
import { useNow } from '../../ui/use-now.ts'
import { useOptionList } from '../../ui/use-option-list.ts'
import { fieldOfText } from './prospect-text.ts'

/** The fewest characters that are searched. One letter matches too many prospects. */
const FEWEST = 2
const MOST = 6
const NONE: readonly ProspectMatch[] = []

/** The result of Enter or Tab. `typedAhead`: text typed while Enter waited for the matches; it belongs to the next field. */
export type ProspectTaken = { readonly match: ProspectMatch | null; readonly typedAhead: string }

type Props = Omit<ComponentProps<typeof TextInput>, 'value' | 'onChange' | 'ref'> & {
  readonly ref: Ref<HTMLInputElement>
  readonly value: string
  readonly zone: string
  onChange: (text: string) => void
  /** Called on Enter with the first or the highlighted match; null: the text matches no prospect. */
  onTake: (taken: ProspectTaken) => void
  /** Called when Enter starts to wait for the matches, and when the wait ends. */
  onAwait: (isWaiting: boolean) => void
}

/** Finds the prospects that match a text. `isKnown`: the matches are of this text and not of an earlier one. */
function useMatches(text: string): { readonly matches: readonly ProspectMatch[]; readonly isKnown: boolean } {
  const { query } = useApi()
  const isSearched = text.length >= FEWEST
  const found = useQuery({
    ...query.prospects.match.queryOptions({ input: { text: text.slice(0, 200), limit: MOST } }),
    enabled: isSearched,
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  if (!isSearched) return { matches: NONE, isKnown: true }
  // Without an answer the text is used as it was typed.
  const isKnown = found.isError || found.fetchStatus === 'paused' || (found.isSuccess && !found.isPlaceholderData)
  return { matches: found.data ?? NONE, isKnown }
}

/**
 * The name of the prospect. The field also accepts a phone number or an e-mail address, and lists the known prospects that match. Enter
 * chooses the highlighted one, at first the best match; Escape keeps the text.
 */
export function ProspectField({ ref, value, zone, onChange, onTake, onAwait, ...field }: Props) {
  /** Whether the shown text was typed and not yet taken. */
  const [isTyped, setTyped] = useState(false)
  const [isDismissed, setDismissed] = useState(false)
  /** The text typed while Enter waits for the matches; null: Enter does not wait. */
  const [ahead, setAhead] = useState<string | null>(null)
  const text = value.trim()
  const { matches, isKnown } = useMatches(isTyped ? text : '')
  const isOpen = isTyped && !isDismissed && matches.length > 0
  const list = useOptionList(matches.length, isOpen)
  const combobox = useCombobox({ opened: isOpen })

  function take(match: ProspectMatch | null, typedAhead = '') {
    setTyped(false)
    setAhead(null)
    onTake({ match, typedAhead })
  }

  const arrived = useRef(() => {})
  useLayoutEffect(() => {
    arrived.current = () => {
      if (ahead === null || !isKnown) return
      onAwait(false)
      take(matches[0] ?? null, ahead)
    }
  })
  // Runs in each rendering, because the matches arrive after Enter.
  useLayoutEffect(() => arrived.current())

  function onEnter() {
    if (isDismissed || !isTyped) take(null)
    else if (isKnown) take(matches[list.active] ?? null)
    else {
      setAhead('')
      onAwait(true)
    }
  }

  function onKeyDownCapture(event: KeyboardEvent<HTMLInputElement>) {
    const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey
    const keep = () => {
      event.preventDefault()
      event.stopPropagation()
    }
    if (list.move(event)) return
    if (ahead !== null && isPlain && (event.key.length === 1 || event.key === 'Tab' || event.key === 'Enter')) {
      keep()
      if (event.key.length === 1) setAhead(ahead + event.key)
    } else if (event.key === 'Enter' && !isPlain) {
      // The form is saved, which keeps the text.
      setDismissed(true)
    } else if (event.key === 'Enter' && text !== '') {
      keep()
      onEnter()
    } else if (event.key === 'Tab' && !event.shiftKey && fieldOfText(text) !== 'prospectName') {
      // The text moves to another field, so this field is filled in next.
      keep()
      take(null)
    } else if (event.key === 'Escape' && isOpen) {
      // The panel stays open.
      keep()
      setDismissed(true)
    }
  }

  return (
    <Combobox store={combobox} onOptionSubmit={(place) => take(matches[Number(place)] ?? null)} withinPortal>
      <Combobox.Target withAriaAttributes={false} withKeyboardNavigation={false}>
        <TextInput
          {...field}
          ref={ref}
          role="combobox"
          aria-expanded={isOpen}
          {...list.ofField}
          aria-controls={list.ofField['aria-controls']}
          autoComplete="off"
          value={value}
          onChange={(event) => {
            setTyped(true)
            setDismissed(false)
            list.reset()
            onChange(event.currentTarget.value)
          }}
          onKeyDownCapture={onKeyDownCapture}
          onBlur={(event) => {
            setTyped(false)
            field.onBlur?.(event)
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!isOpen}>
        <Combobox.Options id={list.listId} aria-label={t`Known prospects`}>
          {matches.map((match, place) => (
            <Combobox.Option key={`${match.lastCall.id} ${match.prospectName}`} value={String(place)} {...list.ofOption(place)}>
              <MatchLine match={match} zone={zone} />
            </Combobox.Option>
          ))}
        </Combobox.Options>
        <Combobox.Footer>
          <Text size="xs" c="dimmed">
            <Trans>Enter chooses the highlighted prospect. Esc keeps what you typed.</Trans>
          </Text>
        </Combobox.Footer>
      </Combobox.Dropdown>
    </Combobox>
  )
}

function followUpLine(at: number, now: number, zone: string): string {
  const time = spokenTime(at, now, zone)
  return at <= now ? t`Missed follow-up ${time}` : t`Follow-up ${time}`
}

function MatchLine({ match, zone }: { readonly match: ProspectMatch; readonly zone: string }) {
  const { prospectName, prospectPhone, prospectEmail, lastCall, openFollowUp } = match
  const now = useNow()
  return (
    <Stack gap={0}>
      <Group justify="space-between" gap="sm" wrap="nowrap">
        <Text fw={500} truncate>
          {prospectName}
        </Text>
        <Text size="xs" style={{ flexShrink: 0 }}>
          {resultLabel(lastCall)} · {formatNearDay(lastCall.at, now, zone)}
        </Text>
      </Group>
      <Text size="xs" truncate>
        {[prospectPhone, prospectEmail].filter((text) => text !== null).join(' · ')}
      </Text>
      {openFollowUp !== null && <Text size="xs">{followUpLine(openFollowUp.scheduledAt, now, zone)}</Text>}
    </Stack>
  )
}

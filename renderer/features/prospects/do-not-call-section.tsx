import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconPhoneOff } from '@tabler/icons-react'
import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { ProspectCard } from '../../../core/contract/prospects.ts'
import type { DoNotCallEntry } from '../../../core/model/do-not-call-entry.ts'
import { useApi } from '../../api/api-context.ts'
import { errorCode } from '../../api/explain-error.ts'
import { FormError } from '../../feedback/states.tsx'
import { formatDateTime } from '../../format/times.ts'
import { useRights, useSession } from '../../session/session-context.ts'
import { usePeople } from '../../session/use-names.ts'
import { useFocusBack, useIdleFocus } from '../../ui/idle-focus.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { announceUndoable } from '../../view/use-undo.ts'

type Contact = { readonly phone: string } | { readonly email: string }
type Contacts = [Contact, ...Contact[]]

/** Each number and each address is a contact of its own, so that an unreadable one does not hide another. */
const contactsOf = ({ phones, emails }: ProspectCard): readonly Contact[] => [
  ...phones.map(({ typed, e164 }) => ({ phone: e164 ?? typed[0] ?? '' })),
  ...emails.map((email) => ({ email })),
]

/** Shows whether a prospect is on the do-not-call list, and adds or lifts the entry. */
export function DoNotCallSection({ card }: { readonly card: ProspectCard }) {
  const { query } = useApi()
  const rights = useRights()
  const contacts = contactsOf(card)
  const checks = useQueries({ queries: contacts.map((input) => query.doNotCall.check.queryOptions({ input })) })
  if (contacts.length === 0 || checks.some(({ data }) => data === undefined)) return null
  const name = card.names[0] ?? ''
  const listed = contacts.flatMap((contact, index) => {
    const entry = checks[index]?.data?.entry ?? null
    return entry === null ? [] : [{ contact, entry }]
  })
  const [firstListed, ...othersListed] = listed
  if (firstListed !== undefined) return <Listed name={name} listed={[firstListed, ...othersListed]} />
  if (rights.reach('do_not_call.add') === 'none') return null
  const [first, ...others] = contacts.filter((_, index) => checks[index]?.data?.isReadable === true)
  if (first === undefined)
    return (
      <Text c="dimmed">
        {card.phones.length === 0 ? (
          <Trans>This e-mail address can’t be added to the do-not-call list. Edit the call and correct the address.</Trans>
        ) : (
          <Trans>
            This number can’t be added to the do-not-call list. Edit the call and enter the number with its country code, for
            example +49 30 5551234.
          </Trans>
        )}
      </Text>
    )
  return <AddEntry name={name} contacts={[first, ...others]} />
}

/** Adds and lifts entries. */
function useListing() {
  const { api, query } = useApi()
  const queries = useQueryClient()
  const refresh = () => void queries.invalidateQueries({ queryKey: query.doNotCall.key() })
  return {
    add: async ([first, ...others]: Contacts, reason: string | null): Promise<readonly DoNotCallEntry[]> => {
      const entries = await api.doNotCall.add({ ...first, others, reason })
      refresh()
      return entries
    },
    /** Lifts entries. Skips those that are already lifted, alone or with another entry of their contact. @throws if all are */
    lift: async (ids: ReadonlySet<DoNotCallEntry['id']>): Promise<void> => {
      const refusals: unknown[] = []
      for (const id of ids) {
        await api.doNotCall.lift({ id }).catch((error: unknown) => {
          if (errorCode(error) !== 'CONFLICT') throw error
          refusals.push(error)
        })
      }
      refresh()
      if (ids.size > 0 && refusals.length === ids.size) throw refusals[0]
    },
  }
}

const idsOf = (entries: readonly DoNotCallEntry[]) => new Set(entries.map(({ id }) => id))

type ListedContact = { readonly contact: Contact; readonly entry: DoNotCallEntry }

/** @param listed the contacts of the prospect that are on the list, each with its entry; at least one. */
function Listed({ name: prospect, listed }: { readonly name: string; readonly listed: [ListedContact, ...ListedContact[]] }) {
  const rights = useRights()
  const people = usePeople()
  const zone = useSession().settings.time_zone
  const listing = useListing()
  const { entry } = listed[0]
  const alert = useRef<HTMLDivElement>(null)
  // The form that added the entry had the focus.
  useIdleFocus(alert)
  const { reason } = entry
  const name = people.name(entry.userId)
  const time = formatDateTime(entry.createdAt, zone)
  const lift = useMutation({
    mutationFn: async (contacts: readonly ListedContact[]) => {
      await listing.lift(idsOf(contacts.map((each) => each.entry)))
      return contacts
    },
    onSuccess: (contacts) => {
      let again: readonly DoNotCallEntry[] = []
      announceUndoable(
        t`${prospect} was taken off the do-not-call list`,
        async () => {
          again = []
          for (const each of contacts) again = [...again, ...(await listing.add([each.contact], each.entry.reason))]
        },
        () => listing.lift(idsOf(again)),
      )
    },
  })
  return (
    <Alert
      ref={alert}
      tabIndex={-1}
      color="red"
      icon={<IconPhoneOff size={16} />}
      title={t`Do not call`}
      role="note"
      aria-label={t`Do not call`}
    >
      <Stack gap="sm" align="flex-start">
        <Text>
          {/* No `Trans`, which would take a typed “<b>” for an element. */}
          {reason === null ? t`Added by ${name}, ${time}.` : t`Added by ${name}, ${time}. Reason: ${reason}`}
        </Text>
        <FormError error={lift.error} />
        {rights.reach('do_not_call.lift') !== 'none' && (
          <Button variant="default" loading={lift.isPending} onClick={() => lift.mutate(listed)}>
            <Trans>Take off the do-not-call list</Trans>
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

function AddEntry({ name, contacts }: { readonly name: string; readonly contacts: Contacts }) {
  const rights = useRights()
  const listing = useListing()
  const [isOpen, open] = useState(false)
  const [reason, setReason] = useState('')
  const button = useRef<HTMLButtonElement>(null)
  useFocusBack(isOpen, button)
  const add = useMutation({
    mutationFn: (typed: string | null) => listing.add(contacts, typed),
    onSuccess: (entries, typed) => {
      if (rights.reach('do_not_call.lift') === 'none')
        return notifyDone(t`${name} is on the do-not-call list. A team lead can take them off.`)
      let added = entries
      announceUndoable(
        t`${name} is on the do-not-call list`,
        () => listing.lift(idsOf(added)),
        async () => {
          added = await listing.add(contacts, typed)
        },
      )
    },
  })
  if (!isOpen)
    return (
      <Group>
        <Button ref={button} variant="default" leftSection={<IconPhoneOff size={14} />} onClick={() => open(true)}>
          <Trans>Do not call</Trans>
        </Button>
      </Group>
    )
  return (
    <form
      noValidate
      aria-label={t`Do not call`}
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate(reason.trim() === '' ? null : reason)
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t`Reason`}
          description={t`Optional. Everyone in the client can read it, so don’t write the number or the address here.`}
          autoFocus
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FormError error={add.error} />
        <Group justify="flex-end">
          <Button variant="subtle" onClick={() => open(false)}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" color="red" loading={add.isPending}>
            <Trans>Add to the do-not-call list</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

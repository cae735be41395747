import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconPhoneOff } from '@tabler/icons-react'
import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { ProspectCard } from '../../../core/contract/prospects.ts'
import type { DoNotCallEntry } from '../../../core/model/do-not-call-entry.ts'
import { useApi } from '../../api/api-context.ts'
import { FormError } from '../../feedback/states.tsx'
import { formatDateTime } from '../../format/times.ts'
import { useRights, useSession } from '../../session/session-context.ts'
import { usePeople } from '../../session/use-names.ts'
import { useFocusBack } from '../../ui/idle-focus.ts'
import { notifyDone } from '../../ui/notify.tsx'

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
  const entry = checks.map(({ data }) => data?.entry).find((each) => each !== null && each !== undefined)
  if (entry !== undefined) return <Listed entry={entry} />
  if (rights.reach('do_not_call.add') === 'none') return null
  const [first, ...others] = contacts.filter((_, index) => checks[index]?.data?.isReadable === true)
  if (first === undefined)
    return (
      <Text c="dimmed">
        <Trans>
          This number can’t be added to the do-not-call list. Edit the call and enter the number with its country code, for
          example +49 30 5551234.
        </Trans>
      </Text>
    )
  return <AddEntry name={card.names[0] ?? ''} contacts={[first, ...others]} />
}

function useRefresh(): () => Promise<void> {
  const { query } = useApi()
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: query.doNotCall.key() })
}

function Listed({ entry }: { readonly entry: DoNotCallEntry }) {
  const { api } = useApi()
  const rights = useRights()
  const people = usePeople()
  const zone = useSession().settings.time_zone
  const refresh = useRefresh()
  const { reason } = entry
  const name = people.name(entry.userId)
  const time = formatDateTime(entry.createdAt, zone)
  const lift = useMutation({
    mutationFn: () => api.doNotCall.lift({ id: entry.id }),
    onSuccess: () => {
      notifyDone(t`Taken off the do-not-call list. The entry is kept as lifted.`)
      return refresh()
    },
  })
  return (
    <Alert color="red" icon={<IconPhoneOff size={16} />} title={t`Do not call`} role="note" aria-label={t`Do not call`}>
      <Stack gap="sm" align="flex-start">
        <Text>
          {/* No `Trans`, which would take a typed “<b>” for an element. */}
          {reason === null ? t`Added by ${name}, ${time}.` : t`Added by ${name}, ${time}. Reason: ${reason}`}
        </Text>
        <FormError error={lift.error} />
        {rights.reach('do_not_call.lift') !== 'none' && (
          <Button variant="default" loading={lift.isPending} onClick={() => lift.mutate()}>
            <Trans>Take off the do-not-call list</Trans>
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

function AddEntry({ name, contacts: [first, ...others] }: { readonly name: string; readonly contacts: Contacts }) {
  const { api } = useApi()
  const refresh = useRefresh()
  const [isOpen, open] = useState(false)
  const [reason, setReason] = useState('')
  const button = useRef<HTMLButtonElement>(null)
  useFocusBack(isOpen, button)
  const add = useMutation({
    mutationFn: () => api.doNotCall.add({ ...first, others, reason: reason.trim() === '' ? null : reason }),
    onSuccess: () => {
      notifyDone(t`${name} is on the do-not-call list`)
      return refresh()
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
        add.mutate()
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

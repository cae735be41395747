import { Anchor, Badge, Group, Stack, Text, Title } from '@mantine/core'
import type { CallResult, ProspectCard } from '../../../core/contract/prospects.ts'
import { OUTCOME_LABELS, STATUS_LABELS } from '../../../core/model/call-labels.ts'
import { formatCount, plural } from '../../format/numbers.ts'
import { formatDateTime } from '../../format/times.ts'
import { useSession } from '../../session/session-context.ts'
import { useNow } from '../../ui/use-now.ts'
import { usePeople } from '../../session/use-names.ts'
import { useViewState } from '../../view/view-state.ts'
import { mailLink } from '../../../core/text/contact-link.ts'
import { dialAddress } from '../../../core/text/phone-number.ts'
import { DoNotCallSection } from './do-not-call-section.tsx'
import { TimeThere } from './time-there.tsx'

const RESULT_LABELS: Record<CallResult, string> = { ...OUTCOME_LABELS, ...STATUS_LABELS }

export function ProspectFacts({ card }: { readonly card: ProspectCard }) {
  const people = usePeople()
  const [, ...otherNames] = card.names
  return (
    <Stack gap="md" style={{ overflowWrap: 'anywhere' }}>
      {otherNames.length > 0 && (
        <Text>
          Also called{' '}
          {otherNames.map((name, at) => (
            <span key={name}>
              {at > 0 && ', '}
              <bdi>{name}</bdi>
            </span>
          ))}
        </Text>
      )}
      <NextStep card={card} />
      <Stack gap="xs" component="section" aria-label="Contact">
        {card.phones.map((phone) => (
          <Phone key={phone.typed[0]} phone={phone} />
        ))}
        {card.emails.map((email) => (
          <Linked key={email} href={mailLink(email)} text={email} />
        ))}
        {card.phones.length + card.emails.length === 0 && (
          <Text c="dimmed">No phone number or e-mail address. Other calls with this prospect can’t be found.</Text>
        )}
      </Stack>
      <DoNotCallSection card={card} />
      <Stack gap="xs" component="section" aria-label="Results">
        <Group gap="xs">
          {card.results.map(({ result, calls }) => (
            <Badge key={result} variant="light" color="gray" tt="none">
              {RESULT_LABELS[result]} {formatCount(calls)}
            </Badge>
          ))}
        </Group>
        <Text c="dimmed">
          {card.people.map(({ userId, calls }) => `${people.name(userId)} ${plural(calls, 'call')}`).join(', ')}
        </Text>
        {card.hasMore && (
          <Text c="dimmed">There are more calls. Only the latest {formatCount(card.calls)} are counted and shown.</Text>
        )}
      </Stack>
    </Stack>
  )
}

function Phone({ phone }: { readonly phone: ProspectCard['phones'][number] }) {
  const [first = '', ...others] = phone.typed
  return (
    <div>
      <Linked href={dialAddress(phone.e164 ?? first, null)} text={first} />
      {others.length > 0 && <Text c="dimmed">Also typed as {others.join(', ')}</Text>}
      <TimeThere zones={phone.zones} />
    </div>
  )
}

/** A link, or plain text where no program could open it. */
function Linked({ href, text }: { readonly href: string | null; readonly text: string }) {
  const shown = <bdi>{text}</bdi>
  return href === null ? <Text>{shown}</Text> : <Anchor href={href}>{shown}</Anchor>
}

function NextStep({ card: { openFollowUp } }: { readonly card: ProspectCard }) {
  const zone = useSession().settings.time_zone
  const people = usePeople()
  const openPanel = useViewState((view) => view.openPanel)
  const now = useNow()
  const isOverdue = openFollowUp !== null && openFollowUp.scheduledAt < now
  return (
    <Stack gap="xs" component="section" aria-label="Next step">
      <Title order={3}>Next step</Title>
      {openFollowUp === null ? (
        <Text c="dimmed">No call is scheduled.</Text>
      ) : (
        <Text>
          <Anchor component="button" type="button" onClick={() => openPanel({ kind: 'call', id: openFollowUp.id, focus: true })}>
            {formatDateTime(openFollowUp.scheduledAt, zone)}
          </Anchor>{' '}
          {people.name(openFollowUp.userId)}
          {isOverdue && ' · missed'}
        </Text>
      )}
    </Stack>
  )
}

import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Anchor, Badge, Group, Stack, Text, Title } from '@mantine/core'
import type { CallResult, ProspectCard } from '../../../core/contract/prospects.ts'
import { CALL_OUTCOMES } from '../../../core/model/call-fields.ts'
import type { CallOutcome } from '../../../core/model/call.ts'
import { outcomeLabel, statusLabel } from '../../format/labels.ts'
import { formatCount } from '../../format/numbers.ts'
import { formatNearTime } from '../../format/times.ts'
import { useSession } from '../../session/session-context.ts'
import { useNow } from '../../ui/use-now.ts'
import { usePeople } from '../../session/use-names.ts'
import { useViewState } from '../../view/view-state.ts'
import { mailLink } from '../../../core/text/contact-link.ts'
import { dialAddress } from '../../../core/text/phone-number.ts'
import { DoNotCallSection } from './do-not-call-section.tsx'
import { TimeThere } from './time-there.tsx'

const isOutcome = (result: CallResult): result is CallOutcome => CALL_OUTCOMES.some((outcome) => outcome === result)
const resultText = (result: CallResult): string => (isOutcome(result) ? outcomeLabel(result) : statusLabel(result))

export function ProspectFacts({ card }: { readonly card: ProspectCard }) {
  const people = usePeople()
  const [, ...otherNames] = card.names
  const names = otherNames.map((name, at) => (
    <span key={name}>
      {at > 0 && ', '}
      <bdi>{name}</bdi>
    </span>
  ))
  const counted = formatCount(card.calls)
  return (
    <Stack gap="md" style={{ overflowWrap: 'anywhere' }}>
      {otherNames.length > 0 && (
        <Text>
          <Trans>Also called {names}</Trans>
        </Text>
      )}
      <NextStep card={card} />
      <Stack gap="xs" component="section" aria-label={t`Contact`}>
        {card.phones.map((phone) => (
          <Phone key={phone.typed[0]} phone={phone} />
        ))}
        {card.emails.map((email) => (
          <Linked key={email} href={mailLink(email)} text={email} />
        ))}
        {card.phones.length + card.emails.length === 0 && (
          <Text c="dimmed">
            <Trans>No phone number or e-mail address. Other calls with this prospect can’t be found.</Trans>
          </Text>
        )}
      </Stack>
      <DoNotCallSection card={card} />
      <Stack gap="xs" component="section" aria-label={t`Results`}>
        <Group gap="xs">
          {card.results.map(({ result, calls }) => (
            <Badge key={result} variant="light" color="gray" tt="none">
              {resultText(result)} {formatCount(calls)}
            </Badge>
          ))}
        </Group>
        <Text c="dimmed">
          {card.people
            .map(({ userId, calls }) => `${people.name(userId)} ${plural(calls, { one: '# call', other: '# calls' })}`)
            .join(', ')}
        </Text>
        {card.hasMore && (
          <Text c="dimmed">
            <Trans>There are more calls. Only the latest {counted} are counted and shown.</Trans>
          </Text>
        )}
      </Stack>
    </Stack>
  )
}

function Phone({ phone }: { readonly phone: ProspectCard['phones'][number] }) {
  const [first = '', ...others] = phone.typed
  const spellings = others.join(', ')
  return (
    <div>
      <Linked href={dialAddress(phone.e164 ?? first, null)} text={first} />
      {others.length > 0 && (
        // No `Trans`, which would take a typed “<b>” for an element.
        <Text c="dimmed">{t`Also typed as ${spellings}`}</Text>
      )}
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
    <Stack gap="xs" component="section" aria-label={t`Next step`}>
      <Title order={3}>
        <Trans>Next step</Trans>
      </Title>
      {openFollowUp === null ? (
        <Text c="dimmed">
          <Trans>No call is scheduled.</Trans>
        </Text>
      ) : (
        <Text>
          <Anchor component="button" type="button" onClick={() => openPanel({ kind: 'call', id: openFollowUp.id, focus: true })}>
            {formatNearTime(openFollowUp.scheduledAt, now, zone)}
          </Anchor>{' '}
          {people.name(openFollowUp.userId)}
          {isOverdue && ` · ${t`missed`}`}
        </Text>
      )}
    </Stack>
  )
}

import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Stack } from '@mantine/core'
import { IconCalendarPlus, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ProspectCard } from '../../../core/contract/prospects.ts'
import type { CallId } from '../../../core/id.ts'
import { useApi } from '../../api/api-context.ts'
import { errorCode } from '../../api/explain-error.ts'
import { Failed, Shown } from '../../feedback/states.tsx'
import { useRights } from '../../session/session-context.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { useViewState } from '../../view/view-state.ts'
import { ProspectCalls } from './prospect-calls.tsx'
import { ProspectFacts } from './prospect-facts.tsx'

/** The card of the prospect of a call: facts, next step and all calls. */
export function ProspectPanel({ id, takeFocus }: { readonly id: CallId; readonly takeFocus: boolean }) {
  const { query } = useApi()
  const card = useQuery(query.prospects.card.queryOptions({ input: { of: { callId: id } } }))
  // A call that was given to someone else or deleted meanwhile must disappear, although an earlier answer is cached.
  const isMissing = errorCode(card.error) === 'NOT_FOUND'
  const name = isMissing ? undefined : card.data?.names[0]
  return (
    <PanelFrame
      title={name ?? t`Prospect`}
      takeFocus={takeFocus}
      actions={!isMissing && card.data && <Actions id={id} card={card.data} />}
    >
      {isMissing ? (
        <Failed error={card.error} />
      ) : (
        <Shown query={card} what={t`Prospect`}>
          {(shown) => (
            <Stack gap="lg">
              <ProspectFacts card={shown} />
              <ProspectCalls id={id} card={shown} />
            </Stack>
          )}
        </Shown>
      )}
    </PanelFrame>
  )
}

function Actions({ id, card }: { readonly id: CallId; readonly card: ProspectCard }) {
  const rights = useRights()
  const openPanel = useViewState((view) => view.openPanel)
  if (rights.reach('calls.create') === 'none') return null
  const prospect = {
    prospectName: card.names[0] ?? '',
    prospectPhone: card.phones[0]?.typed[0] ?? null,
    prospectEmail: card.emails[0] ?? null,
  }
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => openPanel({ kind: 'new-call', start: { of: id, prospect, settles: null } })}
      >
        <Trans>New call</Trans>
      </Button>
      <Button
        variant="default"
        leftSection={<IconCalendarPlus size={14} />}
        onClick={() => openPanel({ kind: 'new-call', start: { of: id, prospect, settles: null, isPlanned: true } })}
      >
        <Trans>Follow-up</Trans>
      </Button>
    </>
  )
}

import { t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import { Alert, Anchor, Box, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Api } from '../../../core/contract/contract.ts'
import { useApi } from '../../api/api-context.ts'
import { useViewState } from '../../view/view-state.ts'
import { TimeThere } from './time-there.tsx'

type Hint = Awaited<ReturnType<Api['prospects']['hint']>>

/** Waits for a pause in the typing, ms. */
const PAUSE = 250

/** The height of one line of text, px. */
const LINE_HEIGHT = 20

const MAX_NAME = 200
const MAX_PHONE = 50
const MAX_EMAIL = 254

/**
 * A hint about the prospect of a call while the call is typed: the local time, and a prospect with another name and the same phone number
 * or e-mail address. It only warns, so an error of the request is not shown.
 */
export function ProspectHint(typed: { readonly name: string; readonly phone: string; readonly email: string }) {
  const { query } = useApi()
  const name = typed.name.trim().slice(0, MAX_NAME)
  const phone = typed.phone.trim().slice(0, MAX_PHONE)
  const email = typed.email.trim().slice(0, MAX_EMAIL)
  // One object, so that fields that are filled in together are one request.
  const [asked] = useDebouncedValue(
    useMemo(() => ({ name, phone, email }), [name, phone, email]),
    PAUSE,
  )
  const isEmpty = asked.phone === '' && asked.email === ''
  const hint = useQuery(
    query.prospects.hint.queryOptions({ input: isEmpty ? skipToken : asked, placeholderData: keepPreviousData }),
  )
  if (phone === '' && email === '') return null
  // The line is there before the answer, so that the buttons below do not move under the pointer.
  return <Box mih={LINE_HEIGHT}>{!isEmpty && hint.data !== undefined && <Known found={hint.data} />}</Box>
}

function Known({ found: { zones, other } }: { readonly found: Hint }) {
  const openPanel = useViewState((view) => view.openPanel)
  return (
    <Stack gap="xs" role="status" aria-label={t`About the prospect`}>
      <TimeThere zones={zones} />
      {other !== null && (
        <Alert color="yellow" p="xs">
          <OtherName calls={other.calls} name={other.prospectName} />{' '}
          <Anchor
            component="button"
            type="button"
            onClick={() => openPanel({ kind: 'prospect', id: other.lastCallId, focus: true })}
          >
            <Trans>Show prospect</Trans>
          </Anchor>
        </Alert>
      )}
    </Stack>
  )
}

function OtherName({ calls, name }: { readonly calls: number; readonly name: string }) {
  const shown = <bdi style={{ overflowWrap: 'anywhere' }}>{name}</bdi>
  return (
    <Trans>
      <Plural
        value={calls}
        one="# call with this phone number or e-mail address has another name:"
        other="# calls with this phone number or e-mail address have another name:"
      />{' '}
      {shown}.
    </Trans>
  )
}

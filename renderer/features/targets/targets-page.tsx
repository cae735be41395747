import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { ActionIcon, Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { UserId } from '../../../core/id.ts'
import type { UserName } from '../../../core/model/people.ts'
import { monthNumber, monthOf, monthText } from '../../../core/metrics/targets.ts'
import { monthSchema, targetKey, type Month, type Target, type TargetChange } from '../../../core/model/targets.ts'
import { mayHaveCalls } from '../../../core/roles.ts'
import { useApi } from '../../api/api-context.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { NotPermitted, Shown } from '../../feedback/states.tsx'
import { monthName } from '../../format/targets.ts'
import { useRights, useSession } from '../../session/session-context.ts'
import { usePeople } from '../../session/use-names.ts'
import { Page } from '../../ui/page.tsx'
import { useToday } from '../../ui/today-context.ts'
import { announceUndoable, recordUndoable, requireSame } from '../../view/use-undo.ts'
import { TargetGrid } from './target-grid.tsx'

const shifted = (month: Month, by: number) => monthText(monthNumber(month) + by)

/**
 * Returns the people who have a row: those who may have calls, and everyone with a target.
 * @param own the reader, if they see only their own targets
 */
function peopleShown(people: readonly UserName[], targets: readonly Target[], own: UserId | null): readonly UserName[] {
  const withTarget = new Set(targets.map(({ userId }) => userId))
  return people.filter(
    ({ id, role, isActive }) => (own === null || id === own) && ((isActive && mayHaveCalls(role)) || withTarget.has(id)),
  )
}

/** The targets of a month, for the team and for people. */
export function TargetsPage() {
  const rights = useRights()
  if (rights.reach('targets.read') === 'none')
    return (
      <Page title={t`Targets`}>
        <NotPermitted title={t`You don’t have access to targets`} />
      </Page>
    )
  return <Targets />
}

function Targets() {
  const { api, query } = useApi()
  const queries = useQueryClient()
  const rights = useRights()
  const { settings, user } = useSession()
  const { now } = useToday()
  const navigate = useNavigate()
  const given = monthSchema.safeParse(useSearch({ from: '/targets' })['month'])
  const month = given.success ? given.data : monthOf(now, settings.time_zone)
  const before = shifted(month, -1)
  const formerName = monthName(before)
  const mayEdit = rights.reach('targets.edit') !== 'none'
  // The previous month is loaded too, so that it can be copied.
  const found = useQuery(
    query.targets.list.queryOptions({ input: { from: before, to: month }, placeholderData: keepPreviousData }),
  )
  const of = (wanted: Month) => (found.data ?? []).filter((target) => target.month === wanted)
  const [shown, former] = [of(month), of(before)]
  const missing = former.filter((target) => !shown.some((own) => targetKey({ ...own, month: before }) === targetKey(target)))

  async function save(targets: readonly TargetChange[]) {
    await api.targets.set({ targets: [...targets] })
    await Promise.all([query.targets.key(), query.reports.key()].map((queryKey) => queries.invalidateQueries({ queryKey })))
  }
  /** @throws StepRefused if a target has another value. */
  async function requireTargets(expected: readonly TargetChange[]) {
    const stored = await api.targets.list({ from: before, to: month })
    const values = new Map(stored.map((target) => [targetKey(target), target.value]))
    requireSame(expected.every((target) => (values.get(targetKey(target)) ?? null) === target.value))
  }
  const setOne = useMutation({
    mutationFn: async ({ change, from }: { readonly change: TargetChange; readonly from: number | null }) => {
      await save([change])
      const set = async (value: number | null, expected: number | null) => {
        await requireTargets([{ ...change, value: expected }])
        await save([{ ...change, value }])
      }
      recordUndoable(
        t`Target changed`,
        () => set(from, change.value),
        () => set(change.value, from),
      )
    },
    onError: notifyError,
  })
  const copy = useMutation({
    mutationFn: async () => {
      const copied = missing.map((target) => ({ ...target, month }))
      const count = copied.length
      await save(copied)
      const none = copied.map((target) => ({ ...target, value: null }))
      const set = async (next: readonly TargetChange[], expected: readonly TargetChange[]) => {
        await requireTargets(expected)
        await save(next)
      }
      announceUndoable(
        t`${plural(count, { one: '# target', other: '# targets' })} copied from ${formerName}`,
        () => set(none, copied),
        () => set(copied, none),
      )
    },
    onError: notifyError,
  })
  const go = (by: number) => void navigate({ to: '/targets', search: { month: shifted(month, by) }, replace: true })
  const people = usePeople().list
  return (
    <Page
      title={t`Targets`}
      actions={
        <Anchor renderRoot={(props) => <Link to="/" {...props} />} underline="always">
          <Trans>Back to the dashboard</Trans>
        </Anchor>
      }
      bar={
        <Group gap="sm">
          <ActionIcon variant="default" aria-label={t`Previous month`} onClick={() => go(-1)}>
            <IconChevronLeft size={14} />
          </ActionIcon>
          <Text fw={600} w={96} ta="center" aria-live="polite">
            {monthName(month)}
          </Text>
          <ActionIcon variant="default" aria-label={t`Next month`} onClick={() => go(1)}>
            <IconChevronRight size={14} />
          </ActionIcon>
          {mayEdit && (
            <Button
              variant="default"
              disabled={missing.length === 0}
              loading={copy.isPending}
              onClick={() => copy.mutate()}
              title={t`Fills only empty fields`}
            >
              <Trans>Copy from {formerName}</Trans>
            </Button>
          )}
        </Group>
      }
    >
      <Shown query={found} what={t`Targets`}>
        {() => (
          <Stack gap="sm">
            <TargetGrid
              key={month}
              month={month}
              targets={shown}
              rows={peopleShown(people, shown, rights.reach('targets.read') === 'all' ? null : user.id)}
              onSave={mayEdit ? (change, from) => setOne.mutateAsync({ change, from }) : undefined}
            />
            <Text c="dimmed">
              <Trans>
                Completed and Won are numbers of calls for the whole month; rates are percentages. For part of a month, the
                numbers are reduced to its share of the working days, Monday to Friday.
              </Trans>{' '}
              {mayEdit && <Trans>Leave a field empty for no target. Press Enter or ↓ for the next row.</Trans>}
            </Text>
          </Stack>
        )}
      </Shown>
    </Page>
  )
}

import { plural, t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import { Alert, Button, Group, Menu, Text, TextInput } from '@mantine/core'
import { IconBookmark, IconCheck } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { SavedViews } from '../../../core/contract/views.ts'
import { viewNameSchema, type SavedView } from '../../../core/model/saved-views.ts'
import { explainError } from '../../api/explain-error.ts'
import { ruleText } from '../../api/rule-text.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { useRights, useSession } from '../../session/session-context.ts'
import { usePeople } from '../../session/use-names.ts'
import type { DashboardView } from './dashboard-view.ts'
import { filtersOf, isChanged, notesOn, openedView } from './opened-view.ts'
import { useViewChanges } from './use-view-changes.ts'

type Props = {
  readonly view: DashboardView
  readonly views: SavedViews
  onOpen: (view: DashboardView) => void
}

/** The purpose of the name field. */
type Naming = 'new' | 'rename'

/** The menu of saved views: opens one, and saves, renames, shares or deletes the opened one. */
export function ViewsMenu({ view, views, onOpen }: Props) {
  const changes = useViewChanges()
  const queries = useQueryClient()
  const rights = useRights()
  const [naming, setNaming] = useState<Naming | null>(null)
  const opened = views.views.find(({ id }) => id === view.savedView)
  const former = opened?.name ?? ''
  const { people, unreadable } = views
  const mayShare = rights.reach('views.share') !== 'none'
  const mayChange = opened !== undefined && (!opened.isShared || mayShare)
  const change = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: () => queries.invalidateQueries(),
    onError: notifyError,
  })
  const groups = [
    { label: t`Your views`, found: views.views.filter(({ isShared }) => !isShared) },
    { label: t`Shared with everyone`, found: views.views.filter(({ isShared }) => isShared) },
  ].filter(({ found }) => found.length > 0)

  function remove(removed: SavedView) {
    change.mutate(async () => {
      const { name, isShared } = removed
      const done = isShared
        ? t`View “${name}” deleted for ${plural(people, { one: '# person', other: '# people' })}`
        : t`View “${name}” deleted`
      await changes.remove(removed, done)
      onOpen({ ...view, savedView: null })
    })
  }

  if (naming !== null)
    return (
      <NameForm
        key={naming}
        first={naming === 'rename' ? former : ''}
        onCancel={() => setNaming(null)}
        onSave={async (name) => {
          if (naming === 'rename' && opened !== undefined)
            await changes.change(t`View “${former}” renamed to “${name}”`, opened, { ...opened, name })
          else onOpen({ ...view, savedView: (await changes.add(name, filtersOf(view))).id })
          setNaming(null)
        }}
      />
    )
  const isDefault = opened !== undefined && views.defaultId === opened.id
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconBookmark size={14} />}
          aria-label={opened === undefined ? t`Saved views` : t`Saved views: ${former}`}
        >
          {opened === undefined ? t`Views` : isChanged(view, opened) ? t`${former} (changed)` : former}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {groups.map(({ label, found }) => [
          <Menu.Label key={label}>{label}</Menu.Label>,
          ...found.map((each) => (
            <Menu.Item
              key={each.id}
              leftSection={<IconCheck size={14} opacity={each.id === opened?.id ? 1 : 0} />}
              onClick={() => onOpen(openedView(each))}
            >
              {each.name}
              {each.id === views.defaultId && (
                <Text span c="dimmed">
                  {' '}
                  <Trans>(default)</Trans>
                </Text>
              )}
            </Menu.Item>
          )),
        ])}
        {groups.length === 0 && (
          <Menu.Label>
            <Trans>No saved views yet</Trans>
          </Menu.Label>
        )}
        <Menu.Divider />
        {opened !== undefined && mayChange && isChanged(view, opened) && (
          <Menu.Item
            onClick={() =>
              change.mutate(() => changes.change(t`View “${former}” changed`, opened, { ...opened, filters: filtersOf(view) }))
            }
          >
            {t`Save changes to “${former}”`}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => setNaming('new')}>
          <Trans>Save as new view…</Trans>
        </Menu.Item>
        {opened !== undefined && (
          <>
            {mayChange && (
              <Menu.Item onClick={() => setNaming('rename')}>
                <Trans>Rename…</Trans>
              </Menu.Item>
            )}
            <Menu.Item
              onClick={() =>
                change.mutate(() =>
                  isDefault
                    ? changes.setDefault(t`Default view removed`, opened.id, null)
                    : changes.setDefault(t`View “${former}” opens by default`, views.defaultId, opened.id),
                )
              }
            >
              {isDefault ? t`Don’t open by default` : t`Open by default`}
            </Menu.Item>
            {mayShare && (
              <Menu.Item
                onClick={() =>
                  change.mutate(() =>
                    changes.change(opened.isShared ? t`View “${former}” no longer shared` : t`View “${former}” shared`, opened, {
                      ...opened,
                      isShared: !opened.isShared,
                    }),
                  )
                }
              >
                {opened.isShared ? t`Stop sharing (keep for me)` : t`Share with everyone`}
              </Menu.Item>
            )}
            {mayChange && (
              <Menu.Item color="red" onClick={() => remove(opened)}>
                {opened.isShared ? (
                  <Plural value={people} one="Delete for # person" other="Delete for # people" />
                ) : (
                  <Trans>Delete</Trans>
                )}
              </Menu.Item>
            )}
          </>
        )}
        {unreadable > 0 && (
          <Menu.Label>
            <Plural
              value={unreadable}
              one="This version cannot read # view. It is kept."
              other="This version cannot read # views. They are kept."
            />
          </Menu.Label>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function NameForm({
  first,
  onSave,
  onCancel,
}: {
  readonly first: string
  onSave: (name: string) => Promise<void>
  onCancel: () => void
}) {
  const [name, setName] = useState(first)
  const [problem, setProblem] = useState<string | null>(null)
  const save = useMutation({
    mutationFn: (typed: string) => onSave(typed),
    onError: (error) => setProblem(explainError(error).detail),
  })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const parsed = viewNameSchema.safeParse(name)
        if (parsed.success) save.mutate(parsed.data)
        else setProblem(ruleText(parsed.error.issues[0]?.message ?? ''))
      }}
    >
      <Group gap="xs" align="flex-start">
        <TextInput
          aria-label={t`Name of the view`}
          placeholder={t`Name of the view`}
          data-autofocus
          autoFocus
          value={name}
          error={problem}
          onChange={(event) => {
            setName(event.currentTarget.value)
            setProblem(null)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onCancel()
          }}
        />
        <Button type="submit" loading={save.isPending}>
          <Trans>Save view</Trans>
        </Button>
        <Button variant="subtle" onClick={onCancel}>
          <Trans>Cancel</Trans>
        </Button>
      </Group>
    </form>
  )
}

/** Notes about the parts of the opened view that are not shown. */
export function ViewNotes({ view, views }: Omit<Props, 'onOpen'>) {
  const rights = useRights()
  const { user } = useSession()
  const people = usePeople()
  const opened = views.views.find(({ id }) => id === view.savedView)
  if (opened === undefined || people.list.length === 0) return null
  const { name } = opened
  const own = rights.reach('reports.read') === 'own' ? user.id : null
  const notes = notesOn(
    opened,
    people.list.map(({ id }) => id),
    own,
  )
  if (notes.length === 0) return null
  return (
    <Alert role="status" mb="md" color="gray" title={t`About the view “${name}”`}>
      {notes.join(' ')}
    </Alert>
  )
}

import { Trans } from '@lingui/react/macro'
import { i18n } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { Button, Menu, Text, VisuallyHidden, useMantineColorScheme } from '@mantine/core'
import type { MantineColorScheme } from '@mantine/core'
import { IconChevronDown, IconKey, IconKeyboard, IconLock, IconLogout } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../api/api-context.ts'
import { flushDrafts } from '../drafts/draft-registry.ts'
import { useActions } from '../keys/use-actions.ts'
import { useSession } from '../session/session-context.ts'
import { roleLabel } from '../format/labels.ts'
import { notifyError } from '../feedback/notify-error.ts'
import classes from './user-menu.module.css'
import { useViewState } from '../view/view-state.ts'
import { LanguageChoice } from './language-choice.tsx'

const SCHEMES = [
  ['auto', msg`System theme`],
  ['light', msg`Light theme`],
  ['dark', msg`Dark theme`],
] as const

export function UserMenu({ clientName, onLock }: { readonly clientName: string; readonly onLock: () => void }) {
  const { user } = useSession()
  const { api, query } = useApi()
  const queries = useQueryClient()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const openPanel = useViewState((view) => view.openPanel)
  const showKeys = useViewState((view) => view.showKeys)
  const signOut = useMutation({
    mutationFn: async () => {
      await flushDrafts()
      await api.session.signOut()
    },
    onError: notifyError,
    onSettled: () => queries.invalidateQueries({ queryKey: query.session.key() }),
  })
  useActions({ 'app.password': () => openPanel({ kind: 'password' }), 'app.sign_out': () => signOut.mutate() })
  return (
    <Menu position="bottom-start" width={224} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          radius={0}
          fullWidth
          justify="space-between"
          h={52}
          rightSection={<IconChevronDown size={14} />}
          className={classes.button}
        >
          <VisuallyHidden component="span">
            <Trans>User menu</Trans>
          </VisuallyHidden>
          <span className={classes.names}>
            <Text component="span" fw={600} truncate>
              {clientName}
            </Text>
            <Text component="span" c="dimmed" truncate>
              {user.name}
            </Text>
          </span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label style={{ overflowWrap: 'anywhere' }}>
          {clientName}
          <br />
          {user.email} · {roleLabel(user.role)}
        </Menu.Label>
        <Menu.Item leftSection={<IconKey size={14} />} onClick={() => openPanel({ kind: 'password' })}>
          <Trans>Change password</Trans>
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={14} />} onClick={() => showKeys(true)}>
          <Trans>Keyboard shortcuts</Trans>
        </Menu.Item>
        <Menu.Divider />
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
          {SCHEMES.map(([scheme, label]) => (
            <Menu.RadioItem key={scheme} value={scheme} closeMenuOnClick={false}>
              {i18n.t(label)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <LanguageChoice />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLock size={14} />} onClick={onLock}>
          <Trans>Lock</Trans>
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={14} />} onClick={() => signOut.mutate()}>
          <Trans>Sign out</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

import { Button, Menu, Text, useMantineColorScheme } from '@mantine/core'
import {
  IconChevronDown,
  IconDeviceDesktop,
  IconKey,
  IconKeyboard,
  IconLock,
  IconLogout,
  IconMoon,
  IconSun,
} from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../api/api-context.ts'
import { flushDrafts } from '../features/calls/draft-registry.ts'
import { useSession } from '../features/session/session-context.ts'
import { ROLE_LABELS } from '../format/labels.ts'
import { notifyError } from '../ui/notify.tsx'
import classes from './user-menu.module.css'
import { useViewState } from './view-state.ts'

const SCHEMES = [
  ['auto', 'Theme of the system', IconDeviceDesktop],
  ['light', 'Light theme', IconSun],
  ['dark', 'Dark theme', IconMoon],
] as const

export function UserMenu({ clientName, onLock }: { readonly clientName: string; readonly onLock: () => void }) {
  const { user } = useSession()
  const { client, query } = useApi()
  const queries = useQueryClient()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const openPanel = useViewState((view) => view.openPanel)
  const showKeys = useViewState((view) => view.showKeys)
  const signOut = useMutation({
    mutationFn: async () => {
      await flushDrafts()
      await client.session.signOut()
    },
    onError: notifyError,
    onSettled: () => queries.invalidateQueries({ queryKey: query.session.key() }),
  })
  return (
    <Menu position="bottom-start" width={224}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          radius={0}
          fullWidth
          justify="space-between"
          h={52}
          rightSection={<IconChevronDown size={14} />}
          aria-label={`User menu: ${user.name}, ${clientName}`}
          className={classes.button}
        >
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
        <Menu.Label>
          {user.email} · {ROLE_LABELS[user.role]}
        </Menu.Label>
        <Menu.Item leftSection={<IconKey size={14} />} onClick={() => openPanel({ kind: 'password' })}>
          Change password
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={14} />} onClick={() => showKeys(true)}>
          Keys
        </Menu.Item>
        <Menu.Divider />
        {SCHEMES.map(([scheme, label, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={14} />}
            rightSection={colorScheme === scheme ? '✓' : undefined}
            role="menuitemradio"
            aria-checked={colorScheme === scheme}
            closeMenuOnClick={false}
            onClick={() => setColorScheme(scheme)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLock size={14} />} onClick={onLock}>
          Lock
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={14} />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

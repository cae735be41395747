import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Modal, Table, Text } from '@mantine/core'
import { Fragment } from 'react'
import { i18n } from '@lingui/core'
import { ACTION_IDS, actionOf, GROUP_IDS, keyActionLabel, keyGroupLabel } from '../keys/actions.ts'
import { shownKeys } from '../keys/bindings.ts'
import { KeyList } from '../keys/key-list.tsx'
import { windowKind } from '../keys/taken-keys.ts'
import { useBindings } from '../keys/use-actions.ts'
import { useRights } from '../session/session-context.ts'
import { useViewState } from '../view/view-state.ts'

/** The overlay with the keys of all actions that the person may use, in this kind of window. */
export function KeysHelp() {
  const shown = useViewState((view) => view.keysShown)
  const show = useViewState((view) => view.showKeys)
  return (
    <Modal
      opened={shown}
      onClose={() => show(false)}
      title={t`Keyboard shortcuts`}
      size="lg"
      closeButtonProps={{ 'aria-label': t`Close keyboard shortcuts` }}
    >
      <Keys />
    </Modal>
  )
}

function Keys() {
  const rights = useRights()
  const bindings = useBindings()
  const kind = windowKind(window.location)
  const rows = ACTION_IDS.flatMap((id) => {
    const { needs, note, group } = actionOf(id)
    const label = keyActionLabel(id)
    const keys = shownKeys(bindings[id], kind)
    return keys.length === 0 || (needs !== undefined && rights.reach(needs) === 'none')
      ? []
      : [{ id, group, keys, text: note === undefined ? label : `${label}; ${i18n.t(note)}` }]
  })
  const groups = GROUP_IDS.map((group) => ({ group, found: rows.filter((row) => row.group === group) }))
  return (
    <>
      <Table withRowBorders={false}>
        {groups
          .filter(({ found }) => found.length > 0)
          .map(({ group, found }) => (
            <Fragment key={group}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th colSpan={2}>{keyGroupLabel(group)}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {found.map(({ id, text, keys }) => (
                  <Table.Tr key={id}>
                    <Table.Td w={208} valign="top">
                      <KeyList keys={keys} />
                    </Table.Td>
                    <Table.Td>{text}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Fragment>
          ))}
      </Table>
      <Text c="dimmed" mt="sm">
        <Trans>Plain keys work outside of text fields. You can change the keys in Settings.</Trans>
      </Text>
    </>
  )
}

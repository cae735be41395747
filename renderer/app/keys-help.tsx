import { Group, Kbd, Modal, Table } from '@mantine/core'
import { Fragment } from 'react'
import { useViewState } from './view-state.ts'

const KEYS: readonly (readonly [string, readonly (readonly [readonly string[], string])[]])[] = [
  [
    'Everywhere',
    [
      [['N'], 'New call (also Ctrl+N)'],
      [['Ctrl', 'Z'], 'Undo the last change'],
      [['Esc'], 'Close the panel'],
      [['Ctrl', 'Shift', 'L'], 'Lock'],
      [['Alt', '1…7'], 'Go to a section'],
      [['?'], 'Show these keys'],
    ],
  ],
  [
    'In the list of calls',
    [
      [['↑', '↓'], 'One row up or down'],
      [['Page Up', 'Page Down'], 'One page up or down'],
      [['Home', 'End'], 'First or last row'],
      [['/'], 'Search'],
      [['Enter'], 'Open the call'],
      [['E'], 'Edit the call'],
      [['Del'], 'Delete the call (can be undone)'],
    ],
  ],
  [
    'In the form of a call',
    [
      [['Ctrl', '1…6'], 'Won, lost, undecided, no-show, rescheduled, cancelled'],
      [['Ctrl', 'Enter'], 'Save'],
      [['Esc'], 'Close; what you typed is kept'],
    ],
  ],
]

export function KeysHelp() {
  const shown = useViewState((view) => view.keysShown)
  const show = useViewState((view) => view.showKeys)
  return (
    <Modal opened={shown} onClose={() => show(false)} title="Keys" size="lg" closeButtonProps={{ 'aria-label': 'Close keys' }}>
      <Table withRowBorders={false}>
        {KEYS.map(([where, keys]) => (
          <Fragment key={where}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th colSpan={2}>{where}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {keys.map(([combination, what]) => (
                <Table.Tr key={what}>
                  <Table.Td w={180}>
                    <Group gap="xs">
                      {combination.map((key) => (
                        <Kbd key={key}>{key}</Kbd>
                      ))}
                    </Group>
                  </Table.Td>
                  <Table.Td>{what}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Fragment>
        ))}
      </Table>
    </Modal>
  )
}

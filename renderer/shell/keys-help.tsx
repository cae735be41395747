import { Group, Kbd, Modal, Table } from '@mantine/core'
import { Fragment } from 'react'
import { SECTIONS } from './sections.ts'
import { useViewState } from '../view/view-state.ts'

/** Alternative keys for one action. */
type Ways = readonly (readonly string[])[]

const KEYS: readonly (readonly [where: string, keys: readonly (readonly [ways: Ways, what: string])[]])[] = [
  [
    'Everywhere',
    [
      [[['N'], ['Alt', 'N'], ['Ctrl', 'N']], 'New call; with Alt also while you type'],
      [[['Ctrl', 'Z']], 'Undo the last change'],
      [[['Esc']], 'Close the panel, or return to its list of calls'],
      [[['Alt', '←']], 'Back, for example from a prospect to the call'],
      [[['Ctrl', 'Shift', 'L']], 'Lock'],
      [[['G', '…']], `Then, for a section: ${SECTIONS.map(({ key, label }) => `${key.toUpperCase()} ${label}`).join(', ')}`],
      [[['?']], 'Show these shortcuts'],
    ],
  ],
  [
    'In the list of calls',
    [
      [[['↑'], ['↓']], 'One row up or down'],
      [[['Page Up'], ['Page Down']], 'One page up or down'],
      [[['Home'], ['End']], 'First or last row'],
      [[['/']], 'Search; Enter or ↓ goes to the results, Esc back to the list'],
      [[['Enter']], 'Open the call'],
      [[['E']], 'Edit the call; also while it is open'],
      [[['P']], 'Show all calls with the prospect; also while a call is open'],
      [[['Del']], 'Delete the call, or the selected calls (can be undone)'],
      [
        [
          ['Shift', '↑'],
          ['Shift', '↓'],
        ],
        'Extend the selection; also with Home, End or a click',
      ],
      [[['Space'], ['Ctrl', 'Click']], 'Add or remove one call; Ctrl with ↑ or ↓ moves without selecting'],
      [[['Ctrl', 'A']], 'Select all calls that match the filters; Tab goes to the actions'],
      [[['Esc']], 'Clear the selection'],
    ],
  ],
  [
    'In the figures, tables and charts of the dashboard',
    [
      [[['↑'], ['↓'], ['←'], ['→']], 'Move between numbers, cells, bars or hours; Tab goes to the next figure, table or chart'],
      [[['Home'], ['End']], 'Start or end of the row; with Ctrl, start or end of the table'],
      [[['Page Up'], ['Page Down']], 'Ten rows up or down'],
      [[['Enter']], 'Open the calls, or sort by the column'],
    ],
  ],
  [
    'In the form of a call',
    [
      [
        [
          ['Alt', '1…6'],
          ['Ctrl', '1…6'],
        ],
        'Won, lost, undecided, no-show, rescheduled, cancelled',
      ],
      [[['Ctrl', 'Enter']], 'Save'],
      [[['Esc']], 'Close; what you typed is kept'],
    ],
  ],
]

export function KeysHelp() {
  const shown = useViewState((view) => view.keysShown)
  const show = useViewState((view) => view.showKeys)
  return (
    <Modal
      opened={shown}
      onClose={() => show(false)}
      title="Keyboard shortcuts"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close keyboard shortcuts' }}
    >
      <Table withRowBorders={false}>
        {KEYS.map(([where, keys]) => (
          <Fragment key={where}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th colSpan={2}>{where}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {keys.map(([ways, what]) => (
                <Table.Tr key={what}>
                  <Table.Td w={208} valign="top">
                    <Group gap="sm">
                      {ways.map((held) => (
                        <Group key={held.join('+')} gap={2} wrap="nowrap">
                          {held.map((key) => (
                            <Kbd key={key}>{key}</Kbd>
                          ))}
                        </Group>
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

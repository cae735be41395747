import { t } from '@lingui/core/macro'
import { Plural } from '@lingui/react/macro'
import { ActionIcon, Anchor, Group, Menu, Table, Text } from '@mantine/core'
import { IconCalendarPlus, IconPhonePlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { RESCHEDULE_DAYS } from '../../../core/agenda/reschedule.ts'
import type { Call } from '../../../core/model/call.ts'
import { dialAddress } from '../../../core/text/phone-number.ts'
import { NONE } from '../../format/numbers.ts'
import { usePeople } from '../../session/use-names.ts'
import { useSession } from '../../session/session-context.ts'
import classes from './today.module.css'

type Props = {
  readonly call: Call
  readonly when: ReactNode
  readonly withAgent: boolean
  /** Whether the person may change the call, or schedule one with its prospect. */
  readonly mayAct: boolean
  readonly moveLabel: string
  onOpen: () => void
  onStart: () => void
  onMove: (days: number) => void
}

/** A row of Today: a scheduled call, or the last call with a prospect. */
export function TodayRow({ call, when, withAgent, mayAct, moveLabel, onOpen, onStart, onMove }: Props) {
  const people = usePeople()
  const { prospectName, prospectPhone, prospectEmail, notes } = call
  return (
    <Table.Tr data-entry={call.id}>
      <Table.Td className={classes.when}>{when}</Table.Td>
      <Table.Td className={classes.name}>
        <Anchor component="button" type="button" c="inherit" ta="start" onClick={onOpen}>
          {prospectName}
        </Anchor>
      </Table.Td>
      <Table.Td className={classes.phone}>
        {prospectPhone === null ? (
          (prospectEmail ?? NONE)
        ) : (
          <Phone phone={prospectPhone} name={prospectName} onDial={mayAct ? onStart : undefined} />
        )}
      </Table.Td>
      {withAgent && <Table.Td className={classes.agent}>{people.name(call.userId)}</Table.Td>}
      <Table.Td className={classes.notes}>
        <Text c="dimmed" lineClamp={1}>
          {notes ?? ''}
        </Text>
      </Table.Td>
      <Table.Td className={classes.actions}>
        {mayAct && (
          <Group gap={4} wrap="nowrap" justify="flex-end">
            <ActionIcon aria-label={t`Log the call with ${prospectName}`} onClick={onStart}>
              <IconPhonePlus size={16} />
            </ActionIcon>
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon aria-label={moveLabel}>
                  <IconCalendarPlus size={16} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {RESCHEDULE_DAYS.map((days) => (
                  <Menu.Item key={days} onClick={() => onMove(days)}>
                    <Plural value={days} one="In # day" other="In # days" />
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

/** The number as a link to the phone program of the computer. Following it also opens the form of the call. */
function Phone({
  phone,
  name,
  onDial,
}: {
  readonly phone: string
  readonly name: string
  readonly onDial: (() => void) | undefined
}) {
  const { settings } = useSession()
  const address = dialAddress(phone, settings.default_country)
  if (address === null || onDial === undefined) return phone
  return (
    <Anchor href={address} c="inherit" underline="always" aria-label={t`Call ${name}, ${phone}`} onClick={onDial}>
      {phone}
    </Anchor>
  )
}

/** Dials the number of a row, if it has one, which also opens the form. @returns whether the row has a number. */
export function dialRow(row: HTMLElement): boolean {
  const link = row.querySelector<HTMLElement>('a[href^="tel:"]')
  link?.click()
  return link !== null
}

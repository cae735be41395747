import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Table, TextInput } from '@mantine/core'
import { useState, type KeyboardEvent } from 'react'
import type { UserId } from '../../../core/id.ts'
import type { UserName } from '../../../core/model/people.ts'
import {
  isRateTarget,
  TARGET_METRICS,
  type Month,
  type Target,
  type TargetChange,
  type TargetMetric,
} from '../../../core/model/targets.ts'
import { targetLabel } from '../../format/figure-labels.ts'
import { personLabel } from '../../format/labels.ts'
import { formatTarget } from '../../format/targets.ts'
import { readTarget, targetText } from '../../../core/metrics/target-text.ts'
import classes from './target-grid.module.css'

type Props = {
  readonly month: Month
  readonly targets: readonly Target[]
  readonly rows: readonly UserName[]
  /** Saves one field. `from`: its previous value. Absent: the targets are read-only. */
  readonly onSave: ((change: TargetChange, from: number | null) => Promise<unknown>) | undefined
}

const columnLabel = (metric: TargetMetric) => `${targetLabel(metric)}${isRateTarget(metric) ? ' (%)' : ''}`

/** The targets of a month: a row for the team and for each person, a column for each figure. Up and down keys move within a column. */
export function TargetGrid({ month, targets, rows, onSave }: Props) {
  const valueOf = (userId: UserId | null, metric: TargetMetric) =>
    targets.find((target) => target.userId === userId && target.metric === metric)?.value
  const lines: readonly { readonly userId: UserId | null; readonly name: string }[] = [
    { userId: null, name: t`Team` },
    ...rows.map((person) => ({ userId: person.id, name: personLabel(person) })),
  ]
  return (
    <Table.ScrollContainer minWidth={680}>
      <Table aria-label={t`Targets`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Trans>For</Trans>
            </Table.Th>
            {TARGET_METRICS.map((metric) => (
              <Table.Th key={metric} ta="end">
                {columnLabel(metric)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody onKeyDown={moveInColumn}>
          {lines.map(({ userId, name }) => (
            <Table.Tr key={userId ?? 'team'}>
              <Table.Th scope="row" fw={userId === null ? 600 : 400}>
                {name}
              </Table.Th>
              {TARGET_METRICS.map((metric) => {
                const value = valueOf(userId, metric)
                return (
                  <Table.Td key={metric} ta="end">
                    {onSave === undefined ? (
                      formatTarget(metric, value ?? null)
                    ) : (
                      <TargetField
                        // A new `key` resets the text when someone else changes the target.
                        key={String(value)}
                        label={`${columnLabel(metric)}, ${name}`}
                        metric={metric}
                        value={value}
                        onSave={(next) => onSave({ month, userId, metric, value: next }, value ?? null)}
                      />
                    )}
                  </Table.Td>
                )
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }

/** Moves the focus to the field above or below, which saves the field that it leaves. */
function moveInColumn(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key]
  const cell = event.target instanceof HTMLElement ? event.target.closest('td') : null
  const row = cell?.parentElement
  if (step === undefined || cell === null || !(row instanceof HTMLTableRowElement)) return
  event.preventDefault()
  const next = step < 0 ? row.previousElementSibling : row.nextElementSibling
  const field = next?.children[cell.cellIndex]?.querySelector('input')
  if (field === null || field === undefined) return (event.target as HTMLElement).blur()
  field.focus()
  field.select()
}

const problemOf = (metric: TargetMetric) =>
  isRateTarget(metric) ? t`Enter a percentage from 0 to 100` : t`Enter a whole number from 0 to 1,000,000`

function TargetField({
  label,
  metric,
  value,
  onSave,
}: {
  readonly label: string
  readonly metric: TargetMetric
  readonly value: number | undefined
  onSave: (value: number | null) => Promise<unknown>
}) {
  const [text, setText] = useState(targetText(metric, value))
  const [problem, setProblem] = useState<string | null>(null)

  function save() {
    const read = readTarget(metric, text)
    if ('problem' in read) return setProblem(problemOf(metric))
    setProblem(null)
    if (read.value === (value ?? null)) return setText(targetText(metric, value))
    // The page reports the error; the typed text is kept.
    onSave(read.value).catch(() => {})
  }

  return (
    <TextInput
      className={classes.field ?? ''}
      aria-label={label}
      inputMode="decimal"
      autoComplete="off"
      value={text}
      error={problem}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        setText(targetText(metric, value))
        setProblem(null)
      }}
    />
  )
}

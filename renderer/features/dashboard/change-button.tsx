import { Modal, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useContext } from 'react'
import type { ComparedFigure } from '../../../core/contract/reports.ts'
import { isFigureBeyondChance } from '../../../core/metrics/contributions.ts'
import { METRICS } from '../../../core/metrics/metrics.ts'
import { changeText } from '../../format/changes.ts'
import { ChangeBadge } from './change-badge.tsx'
import { ComparedReportContext } from './compared-report.ts'
import { WhatChanged } from './what-changed.tsx'

/** The change of a figure. A click shows the parts of the change. */
export function ChangeButton({ figure }: { readonly figure: ComparedFigure }) {
  const { key, change, former } = figure
  const [isOpen, { open, close }] = useDisclosure(false)
  const compared = useContext(ComparedReportContext)
  const badge = (
    <ChangeBadge metric={key} change={change} isFaint={former !== null && isFigureBeyondChance(figure, former) === false} />
  )
  if (compared === null || change === null) return badge
  const title = `${METRICS[key].label}: ${changeText(change)}`
  return (
    <>
      <UnstyledButton aria-label={`${title}: show what changed`} title="Show what changed" onClick={open}>
        {badge}
      </UnstyledButton>
      <Modal opened={isOpen} onClose={close} title={title} size="xl" closeButtonProps={{ 'aria-label': 'Close' }}>
        <WhatChanged metric={key} report={compared.report} filter={compared.filter} onOpenCalls={close} />
      </Modal>
    </>
  )
}

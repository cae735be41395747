import { t } from '@lingui/core/macro'
import { Modal, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useContext } from 'react'
import type { ComparedFigure } from '../../../core/contract/reports.ts'
import { isFigureBeyondChance } from '../../../core/metrics/contributions.ts'
import { changeText } from '../../format/changes.ts'
import { figureLabel } from '../../format/figure-labels.ts'
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
  const title = `${figureLabel(key)}: ${changeText(change)}`
  return (
    <>
      <UnstyledButton aria-label={t`${title}: show what changed`} title={t`Show what changed`} onClick={open}>
        {badge}
      </UnstyledButton>
      <Modal opened={isOpen} onClose={close} title={title} size="xl" closeButtonProps={{ 'aria-label': t`Close` }}>
        <WhatChanged metric={key} report={compared.report} filter={compared.filter} onOpenCalls={close} />
      </Modal>
    </>
  )
}

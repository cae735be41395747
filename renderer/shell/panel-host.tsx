import { t } from '@lingui/core/macro'
import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { Loading } from '../feedback/states.tsx'
import { useActions } from '../keys/use-actions.ts'
import { BulkPanel } from '../features/calls/bulk-panel.tsx'
import { EditCall } from '../features/calls/edit-call.tsx'
import { NewCall } from '../features/calls/new-call.tsx'
import { StartCall, startKind } from '../features/calls/start-call.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import classes from './shell.module.css'
import { shownCalls, useViewState } from '../view/view-state.ts'
import type { Panel } from '../view/view-state.ts'

// The forms that a key opens are not loaded on demand, so that the keys typed next reach them.
const CallsPanel = lazy(async () => ({ default: (await import('../features/calls/calls-panel.tsx')).CallsPanel }))
const CallDetail = lazy(async () => ({ default: (await import('../features/calls/call-detail.tsx')).CallDetail }))
const ProspectPanel = lazy(async () => ({ default: (await import('../features/prospects/prospect-panel.tsx')).ProspectPanel }))
const CorrectCall = lazy(async () => ({ default: (await import('../features/sync/correct-call.tsx')).CorrectCall }))
const NewUser = lazy(async () => ({ default: (await import('../features/users/new-user.tsx')).NewUser }))
const UserPanel = lazy(async () => ({ default: (await import('../features/users/user-panel.tsx')).UserPanel }))
const LossReasonPanel = lazy(async () => ({
  default: (await import('../features/loss-reasons/loss-reason-panel.tsx')).LossReasonPanel,
}))
const AuditEntryPanel = lazy(async () => ({ default: (await import('../features/audit/audit-entry-panel.tsx')).AuditEntryPanel }))
const BulkReportPanel = lazy(async () => ({ default: (await import('../features/calls/bulk-report.tsx')).BulkReportPanel }))
const PasswordPanel = lazy(async () => ({ default: (await import('../features/entry/password-panel.tsx')).PasswordPanel }))

function PanelContent({ panel }: { readonly panel: Exclude<Panel, { kind: 'calls' }> }) {
  switch (panel.kind) {
    case 'call':
      return <CallDetail key={panel.id} id={panel.id} takeFocus={panel.focus} />
    case 'prospect':
      return <ProspectPanel key={panel.id} id={panel.id} takeFocus={panel.focus} />
    case 'new-call':
      return panel.start === undefined ? (
        <NewCall />
      ) : (
        <StartCall key={`${panel.start.of} ${startKind(panel.start)}`} start={panel.start} />
      )
    case 'edit-call':
      return <EditCall key={panel.id} id={panel.id} />
    case 'correct-call':
      return <CorrectCall key={panel.opId} opId={panel.opId} />
    case 'new-user':
      return <NewUser />
    case 'user':
      return <UserPanel key={panel.id} id={panel.id} />
    case 'new-loss-reason':
      return <LossReasonPanel key="new" id={null} />
    case 'loss-reason':
      return <LossReasonPanel key={panel.id} id={panel.id} />
    case 'audit-entry':
      return <AuditEntryPanel key={panel.entry.id} entry={panel.entry} />
    case 'password':
      return <PasswordPanel />
    case 'bulk':
      return <BulkPanel key={panel.action} action={panel.action} />
    case 'bulk-report':
      return <BulkReportPanel key={`${panel.report.batchId} ${panel.report.isUndo}`} report={panel.report} />
  }
}

/** Below this width there is no room for three columns, and the panel covers the work area. */
const NARROW = '(width < 900px)'

/** The panel on the right. When it closes, the focus returns to the element that had it before. */
export function PanelHost() {
  const panel = useViewState((view) => view.panel)
  const calls = useViewState(shownCalls)
  const close = useViewState((view) => view.closePanel)
  const narrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false })
  const opener = useRef<HTMLElement | SVGElement | null>(null)
  const wasOpen = useRef(false)
  const isOpen = panel !== null

  useEffect(() => {
    const remember = () => {
      const active = document.activeElement
      if (!(active instanceof HTMLElement || active instanceof SVGElement) || active === document.body) return
      // While the panel is open, another element of the work area may open it again.
      if (!isOpen || active.closest('main') !== null) opener.current = active
    }
    document.addEventListener('focusin', remember)
    return () => document.removeEventListener('focusin', remember)
  }, [isOpen])

  useEffect(() => {
    if (wasOpen.current && !isOpen) {
      const work = document.querySelector<HTMLElement>('main [role="grid"]') ?? document.querySelector('main')
      const back = opener.current?.isConnected === true ? opener.current : work
      back?.focus({ preventScroll: true })
    }
    wasOpen.current = isOpen
  }, [isOpen])

  useActions({ 'panel.close': close }, isOpen)

  if (panel === null) return null
  const content = panel.kind !== 'calls' && (
    <ErrorBoundary key={panel.kind}>
      <Suspense fallback={<Loading what={t`Details`} />}>
        <PanelContent panel={panel} />
      </Suspense>
    </ErrorBoundary>
  )
  // The list of calls stays in the page under a call, so that it keeps its place.
  const layers =
    calls === null ? (
      content
    ) : (
      <>
        <div className={classes.layer} inert={panel.kind !== 'calls'}>
          <ErrorBoundary>
            <Suspense fallback={<Loading what={t`Calls`} />}>
              <CallsPanel title={calls.title} filter={calls.filter} isOnTop={panel.kind === 'calls'} />
            </Suspense>
          </ErrorBoundary>
        </div>
        {content !== false && <div className={classes.layer}>{content}</div>}
      </>
    )
  if (narrow)
    return (
      // The drawer would close on Escape before a list or a calendar in it does.
      <Drawer.Root
        opened
        onClose={close}
        closeOnEscape={false}
        position="right"
        size={calls === null ? 400 : 560}
        returnFocus={false}
        aria-label={t`Details`}
      >
        <Drawer.Overlay />
        <Drawer.Content aria-label={t`Details`} data-panel>
          {layers}
        </Drawer.Content>
      </Drawer.Root>
    )
  return (
    <aside className={calls === null ? classes.panel : classes.callsPanel} aria-label={t`Details`}>
      {layers}
    </aside>
  )
}

import { hideNotification } from '@mantine/notifications'
import { useCallback } from 'react'
import { notifyError } from '../feedback/notify-error.ts'
import { notifyDone, notifyUndoable } from '../ui/notify.tsx'
import { useViewState } from './view-state.ts'
import type { UndoStep } from './view-state.ts'

async function runUndo(step: UndoStep): Promise<void> {
  useViewState.getState().dropUndo(step)
  try {
    const done = await step.undo()
    notifyDone(typeof done === 'string' ? done : 'Change undone')
  } catch (error) {
    notifyError(error)
  }
}

/** Returns a function that undoes the last step that can be undone, if there is one. */
export function useUndo(): () => Promise<void> {
  return useCallback(async () => {
    const step = useViewState.getState().undoSteps.at(-1)
    if (step !== undefined) await runUndo(step)
  }, [])
}

/** Reports a finished action and offers Undo, by button and by Ctrl+Z. */
export function announceUndoable(label: string, undo: () => Promise<unknown>): void {
  const step: UndoStep = {
    undo: async () => {
      hideNotification(notification)
      return undo()
    },
  }
  const notification = notifyUndoable(label, () => void runUndo(step))
  useViewState.getState().pushUndo(step)
}

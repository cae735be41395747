import { hideNotification } from '@mantine/notifications'
import { useCallback } from 'react'
import { notifyError } from './notify-error.ts'
import { notifyDone, notifyUndoable } from '../ui/notify.tsx'
import { useViewState } from './view-state.ts'
import type { UndoStep } from './view-state.ts'

async function takeBack(step: UndoStep): Promise<void> {
  useViewState.getState().dropUndo(step)
  try {
    const done = await step.undo()
    notifyDone(typeof done === 'string' ? done : 'Change undone')
  } catch (error) {
    notifyError(error)
  }
}

/** Takes back the last step that can be; does nothing where there is none. */
export function useUndo(): () => Promise<void> {
  return useCallback(async () => {
    const step = useViewState.getState().undoSteps.at(-1)
    if (step !== undefined) await takeBack(step)
  }, [])
}

/** Says that something was done and offers the way back, by button and by Ctrl+Z. */
export function announceUndoable(label: string, undo: () => Promise<unknown>): void {
  const step: UndoStep = {
    undo: async () => {
      hideNotification(notification)
      return undo()
    },
  }
  const notification = notifyUndoable(label, () => void takeBack(step))
  useViewState.getState().pushUndo(step)
}

import { t } from '@lingui/core/macro'
import { hideNotification } from '@mantine/notifications'
import { ORPCError } from '@orpc/client'
import { errorCode, explainError } from '../api/explain-error.ts'
import { notifyDone, notifyProblem, notifyRevertible } from '../ui/notify.tsx'
import { useViewState, type UndoStep } from './view-state.ts'

type Direction = 'undo' | 'redo'

/** The reason why a step could not be undone or redone, in a sentence for the person. `stays`: the same step may succeed later. */
export class StepRefused extends Error {
  override readonly name = 'StepRefused'
  readonly stays: boolean

  constructor(message: string, stays = false) {
    super(message)
    this.stays = stays
  }
}

/** Returned by a step that was done in part. The step stays, so that the rest can be done. */
export type PartlyDone = { readonly text: string; readonly isPartial: true }

/** The application refuses the same step again, so it would block all earlier ones. */
const FINAL: ReadonlySet<string | undefined> = new Set(['CONFLICT', 'NOT_FOUND', 'FORBIDDEN', 'INVALID', 'REFUSED_BY_SERVER'])

const changedSince = () => t`It was changed in the meantime, by someone else or on another device. That change was kept.`

function isChangedSince(error: unknown): boolean {
  return error instanceof ORPCError && (error.data as { readonly changedSince?: unknown } | undefined)?.changedSince === true
}

/** @throws StepRefused if `isSame` is false. For records that the application does not compare itself. */
export function requireSame(isSame: boolean): void {
  if (!isSame) throw new StepRefused(changedSince())
}

function explain(error: unknown, direction: Direction): { readonly detail: string; readonly stays: boolean } {
  if (error instanceof StepRefused) return { detail: error.message, stays: error.stays }
  if (isChangedSince(error)) return { detail: changedSince(), stays: false }
  const code = errorCode(error)
  if (code === 'NOT_FOUND')
    return {
      detail: t`The record was deleted in the meantime, or you no longer have access to it. Nothing was changed.`,
      stays: false,
    }
  if (FINAL.has(code)) return { detail: explainError(error).detail, stays: false }
  const { title, detail } = explainError(error)
  const again = direction === 'undo' ? t`You can try Undo again.` : t`You can try Redo again.`
  return { detail: `${title}. ${detail} ${again}`, stays: true }
}

const isPartlyDone = (done: unknown): done is PartlyDone => typeof done === 'object' && done !== null && 'isPartial' in done

/** The message of each step that the screen may still show. */
const messages = new WeakMap<UndoStep, string>()

function show(step: UndoStep, text: string, button: 'Undo' | 'Redo', direction: Direction): void {
  messages.set(
    step,
    notifyRevertible(text, button, () => void run(direction, step)),
  )
}

async function perform(direction: Direction, chosen: UndoStep | undefined): Promise<void> {
  const view = useViewState.getState()
  const steps = direction === 'undo' ? view.undoSteps : view.redoSteps
  const step = chosen ?? steps.at(-1)
  // A step of a button may have been undone by its key meanwhile.
  if (step === undefined || !steps.includes(step)) return
  const shown = messages.get(step)
  if (shown !== undefined) hideNotification(shown)
  const { label } = step
  try {
    const done = direction === 'undo' ? await step.undo() : await step.redo?.()
    // The session may have ended meanwhile, and its steps with it.
    const isHeld = [...useViewState.getState().undoSteps, ...useViewState.getState().redoSteps].includes(step)
    if (isPartlyDone(done)) {
      notifyDone(done.text)
    } else if (direction === 'redo') {
      if (isHeld) view.moveToUndo(step)
      show(step, typeof done === 'string' ? done : t`${label} again`, 'Undo', 'undo')
    } else {
      const text = typeof done === 'string' ? done : t`${label}: undone`
      if (step.redo === undefined || !isHeld) {
        view.dropUndo(step)
        notifyDone(text)
      } else {
        view.moveToRedo(step)
        show(step, text, 'Redo', 'redo')
      }
    }
  } catch (error) {
    const { detail, stays } = explain(error, direction)
    if (!stays) view.dropUndo(step)
    notifyProblem(direction === 'undo' ? t`Not undone: ${label}` : t`Not redone: ${label}`, detail)
  }
}

/** Steps run one after another: a step expects the values that the step before it restores. */
let queue: Promise<void> = Promise.resolve()

/** Undoes or redoes a step; default: the last one, if there is one. Steps that are requested meanwhile follow. */
function run(direction: Direction, step?: UndoStep): Promise<void> {
  queue = queue.then(() => perform(direction, step))
  return queue
}

export const undoLast = (): Promise<void> => run('undo')
export const redoLast = (): Promise<void> => run('redo')

/** Records a change, so that the keys of Undo and Redo find it, without a message. */
export function recordUndoable(label: string, undo: () => Promise<unknown>, redo?: () => Promise<unknown>): UndoStep {
  const step = { label, undo, redo }
  useViewState.getState().pushUndo(step)
  return step
}

/**
 * Reports a finished change and offers Undo, by button and by key. A text that `undo` or `redo` returns replaces the default message.
 * @param redo repeats the change after an undo. Without it, the undone change cannot be redone.
 */
export function announceUndoable(label: string, undo: () => Promise<unknown>, redo?: () => Promise<unknown>): void {
  show(recordUndoable(label, undo, redo), label, 'Undo', 'undo')
}

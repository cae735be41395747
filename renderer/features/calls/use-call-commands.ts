import { t } from '@lingui/core/macro'
import { useQueryClient } from '@tanstack/react-query'
import type { LoggedCall } from '../../../core/contract/calls.ts'
import type { Api } from '../../../core/contract/contract.ts'
import { fieldsOf, NO_OPTIONAL_FIELDS, type Call, type CallFields, type CallPatch } from '../../../core/model/call.ts'
import { useApi } from '../../api/api-context.ts'
import { useViewState } from '../../view/view-state.ts'
import { announceUndoable } from '../../view/use-undo.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { formatDuration } from '../../format/durations.ts'
import { spokenTime } from '../../format/spoken-time.ts'
import { useRights, useSession } from '../../session/session-context.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { heldValues, patchOf } from './call-form-values.ts'
import { readFollowUp } from './desk-values.ts'

type LogRequest = Parameters<Api['calls']['log']>[0]
type NewCall = Parameters<Api['calls']['create']>[0]

export type SaveOptions = {
  /** The time of the next call, ms since the epoch; null: there is none. */
  readonly nextAt: number | null
  /** The person was asked about a prospect on the do-not-call list, and saves again. */
  readonly despiteDoNotCall: boolean
}

export type CallCommands = {
  /** @param despiteDoNotCall the person has confirmed a call with a prospect on the do-not-call list */
  create: (call: CallFields, despiteDoNotCall: boolean) => Promise<Call>
  /**
   * Saves a call from the form of a new call. A finished one is logged with its next call, and settles the scheduled call that `followUp`
   * names (`readFollowUp`); Undo takes back all of it. A scheduled call has no next call and settles none.
   */
  finish: (call: CallFields, followUp: string, options: SaveOptions) => Promise<unknown>
  /**
   * Ends a scheduled call and schedules the next one. Rejects with CONFLICT if someone else has changed one of the fields.
   */
  settle: (original: Call, patch: CallPatch, options: SaveOptions) => Promise<LoggedCall>
  /** Schedules a call that continues a finished one. @param at ms since the epoch */
  followUp: (call: Call, at: number, despiteDoNotCall: boolean) => Promise<Call>
  /**
   * Rejects with CONFLICT if someone else has changed one of the fields.
   * @param original the call as the person saw it; Undo restores its values.
   */
  update: (original: Call, patch: CallPatch, despiteDoNotCall: boolean) => Promise<Call>
  remove: (call: Call) => Promise<void>
}

/** Returns what was saved, for the message after it. */
function loggedText({ call, next }: LoggedCall, zone: string): string {
  const { prospectName, callDuration, status } = call
  const named = status === 'rescheduled' ? t`Call with ${prospectName} rescheduled` : t`Call with ${prospectName} logged`
  const done = callDuration === null ? named : `${named} · ${formatDuration(callDuration)}`
  if (next === null || next.scheduledAt === null) return done
  const time = spokenTime(next.scheduledAt, Date.now(), zone)
  return t`${done}. Next call ${time}`
}

/**
 * Returns the finished call with the values of the planned one that the form of a new call does not show: an empty phone number or e-mail
 * address takes the planned value, and the planned note stays before the new one.
 */
export function withPlanned(call: CallFields, planned: CallFields): CallFields {
  const notes = [planned.notes, call.notes].filter((note) => note !== null)
  return {
    ...call,
    prospectPhone: call.prospectPhone ?? planned.prospectPhone,
    prospectEmail: call.prospectEmail ?? planned.prospectEmail,
    notes: notes.length === 0 ? null : notes.join('\n'),
  }
}

const deletedText = ({ prospectName }: Call): string => t`Call with ${prospectName} deleted`

/** Returns the call that continues a finished one. */
const nextCall = (scheduledAt: number) => ({ scheduledAt, callType: 'outbound' as const, notes: null })

/** Changes calls. Each change is reported, with Undo if the person may undo it. All except `remove` reject on failure, so that the form can show the error. */
export function useCallCommands(): CallCommands {
  const { api, query } = useApi()
  const queries = useQueryClient()
  const { settings } = useSession()
  const rights = useRights()

  /** Shows the change at once, without waiting for the event. */
  const refresh = () =>
    void Promise.all([
      queries.invalidateQueries({ queryKey: query.calls.key() }),
      queries.invalidateQueries({ queryKey: query.agenda.key() }),
      queries.invalidateQueries({ queryKey: query.prospects.key() }),
      queries.invalidateQueries({ queryKey: query.reports.key() }),
      queries.invalidateQueries({ queryKey: query.sync.key() }),
    ])
  async function deleted(call: Call): Promise<string> {
    await api.calls.delete({ id: call.id, expected: fieldsOf(call) })
    leave(call)
    return deletedText(call)
  }
  async function restored({ id }: Call): Promise<Call> {
    const call = await api.calls.restore({ id })
    refresh()
    return call
  }
  /** Closes the panel of a deleted call. */
  function leave({ id }: Call): void {
    const { panel, closePanel } = useViewState.getState()
    if (panel !== null && 'id' in panel && panel.id === id) closePanel()
    queries.removeQueries({ queryKey: query.calls.get.queryKey({ input: { id } }) })
    refresh()
  }

  async function create(fields: NewCall, textOf: (call: Call) => string): Promise<Call> {
    const call = await api.calls.create(fields)
    refresh()
    if (!rights.may('calls.delete', call.userId)) {
      notifyDone(textOf(call))
      return call
    }
    // A restored call may have other values than the created one: the server may correct them.
    let held = call
    announceUndoable(
      textOf(call),
      () => deleted(held),
      async () => {
        held = await restored(call)
      },
    )
    return call
  }

  async function log(request: LogRequest): Promise<LoggedCall> {
    const logged = await api.calls.log(request)
    refresh()
    // Undo deletes the calls that were created.
    const isCreated = logged.settled === null || logged.next !== null
    if (isCreated && !rights.may('calls.delete', logged.call.userId)) {
      notifyDone(loggedText(logged, settings.time_zone))
      return logged
    }
    // A call that is logged again may have other values: the server may correct them.
    let held = logged
    announceUndoable(
      loggedText(logged, settings.time_zone),
      async () => {
        await api.calls.undoLog(held)
        if (held.settled === null) leave(held.call)
        else refresh()
        const { prospectName } = held.call
        return t`Call with ${prospectName}: undone`
      },
      async () => {
        held = await api.calls.redoLog(held)
        refresh()
        const { prospectName } = held.call
        return t`Call with ${prospectName} logged again`
      },
    )
    return logged
  }

  const settle: CallCommands['settle'] = (original, patch, { nextAt, despiteDoNotCall }) =>
    log({
      call: { ...fieldsOf(original), ...patch },
      settles: original.id,
      expected: heldValues(original, patch),
      next: nextAt === null ? null : nextCall(nextAt),
      despiteDoNotCall,
    })
  const createCall = (fields: CallFields, despiteDoNotCall: boolean) =>
    create({ ...fields, despiteDoNotCall }, ({ prospectName }) =>
      fields.status === 'scheduled' ? t`Call with ${prospectName} scheduled` : t`Call with ${prospectName} logged`,
    )

  return {
    create: createCall,
    async finish(fields, followUp, options) {
      if (fields.status === 'scheduled') return createCall(fields, options.despiteDoNotCall)
      const found = readFollowUp(followUp)
      if (found?.isSettled === true) {
        const planned = await api.calls.get({ id: found.id })
        return settle(planned, patchOf(planned, withPlanned(fields, planned)), options)
      }
      const { nextAt, despiteDoNotCall } = options
      return log({ call: fields, settles: null, next: nextAt === null ? null : nextCall(nextAt), despiteDoNotCall })
    },
    followUp: ({ id, userId, prospectName, prospectPhone, prospectEmail }, scheduledAt, despiteDoNotCall) =>
      create(
        {
          ...NO_OPTIONAL_FIELDS,
          ...{ userId, prospectName, prospectPhone, prospectEmail },
          ...nextCall(scheduledAt),
          status: 'scheduled',
          followsCallId: id,
          despiteDoNotCall,
        },
        () => {
          const time = spokenTime(scheduledAt, Date.now(), settings.time_zone)
          return t`Follow-up with ${prospectName} scheduled for ${time}`
        },
      ),
    settle,
    async update(original, patch, despiteDoNotCall) {
      const before = heldValues(original, patch)
      const call = await api.calls.update({ id: original.id, patch, expected: before, despiteDoNotCall })
      refresh()
      // Undo reverts this edit only, not a later edit by someone else.
      const after = heldValues(call, patch)
      const { id, prospectName } = call
      const set = async (values: CallPatch, expected: CallPatch) => {
        // The person has confirmed the call, or it was scheduled before its contact was on the do-not-call list.
        await api.calls.update({ id, patch: values, expected, despiteDoNotCall: true })
        refresh()
      }
      announceUndoable(
        t`Call with ${prospectName} changed`,
        async () => {
          await set(before, after)
          return t`Change to the call with ${prospectName} undone`
        },
        () => set(after, before),
      )
      return call
    },
    async remove(call) {
      try {
        await api.calls.delete({ id: call.id })
      } catch (error) {
        notifyError(error)
        return
      }
      leave(call)
      let held = call
      announceUndoable(
        deletedText(call),
        async () => {
          held = await restored(call)
          const { prospectName } = call
          return t`Call with ${prospectName} restored`
        },
        async () => {
          await deleted(held)
        },
      )
    },
  }
}

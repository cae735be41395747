import { useLocation } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Call } from '../../../core/model/call.ts'
import { searchWords } from '../../../core/text/search-words.ts'
import { textMarks, type TextMarks } from '../../../core/text/text-marks.ts'
import { useSession } from '../../session/session-context.ts'

export type MarksOf = (call: Call) => TextMarks

const NO_MARKS: TextMarks = { name: [], email: [], phone: [], notes: [] }
export const WITHOUT_MARKS: MarksOf = () => NO_MARKS

/** Returns a function that returns the found parts of a call. It reads each call once. */
export function useCallMarks(text: string): MarksOf {
  const country = useSession().settings.default_country
  return useMemo(() => {
    const words = searchWords(text, country)
    if (words === null) return WITHOUT_MARKS
    const known = new WeakMap<Call, TextMarks>()
    return (call) => {
      let marks = known.get(call)
      if (marks === undefined) {
        const { prospectName: name, prospectEmail: email, prospectPhone: phone, notes } = call
        known.set(call, (marks = textMarks({ name, email, phone, notes }, words, country)))
      }
      return marks
    }
  }, [text, country])
}

/** The same for the search of the list of calls, if the list is on the screen. */
export function useListMarks(): MarksOf {
  const { pathname, search } = useLocation()
  const text = (search as { readonly text?: unknown }).text
  return useCallMarks(pathname === '/calls' && typeof text === 'string' ? text : '')
}

import { create } from 'zustand'
import type { CallSelectionInput } from '../../../core/contract/bulk.ts'

type Chosen = { readonly selection: CallSelectionInput; readonly count: number; clear: () => void }

/** The selected calls of the list, for the panel on the right; null: none, or not counted yet. */
export const useChosenCalls = create<{ readonly chosen: Chosen | null; choose: (chosen: Chosen | null) => void }>((set) => ({
  chosen: null,
  choose: (chosen) => set({ chosen }),
}))

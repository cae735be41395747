import { useMemo } from 'react'
import { useLossReasons, usePeople } from '../../session/use-names.ts'
import { useSession } from '../../session/session-context.ts'
import type { DiffContext } from './audit-diff.ts'

export function useDiffContext(): DiffContext {
  const zone = useSession().settings.time_zone
  const people = usePeople()
  const reasons = useLossReasons()
  return useMemo(() => ({ zone, person: people.name, lossReason: reasons.name }), [zone, people, reasons])
}

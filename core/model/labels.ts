import type { UserName } from './people.ts'

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

/** Returns the name of a person, marked if they are deactivated. Their calls are kept under their name. */
export function personLabel(person: Pick<UserName, 'name' | 'isActive'>): string {
  return person.isActive ? person.name : `${person.name} (inactive)`
}

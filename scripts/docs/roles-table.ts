import { PERMISSIONS, ROLES, type Permission, type Reach } from '../../core/roles.ts'
import { operationNamed, OPERATION_NAMES } from '../../app/operations/operations.ts'

const TITLES = { agent: 'agent', team_lead: 'team lead', admin: 'admin', viewer: 'viewer' } as const
const CELLS: Readonly<Record<Reach, string>> = { none: '–', own: 'own', all: 'all' }

const BEGIN = '<!-- roles: written by npm run docs -->'
const END = '<!-- end of roles -->'

/** Returns the permissions that operations check. */
function checkedPermissions(): ReadonlySet<Permission> {
  const checked = OPERATION_NAMES.map(operationNamed).flatMap(({ access, also = [] }) =>
    access === 'internal' || access === 'member' ? also : [access, ...also],
  )
  return new Set(checked)
}

function line(cells: readonly string[], widths: readonly number[]): string {
  return `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
}

/** Returns which role has which permission, as a Markdown table. A permission that no operation checks is not in it. */
function rolesTable(): string {
  const checked = checkedPermissions()
  const rows = (Object.keys(PERMISSIONS) as Permission[])
    .filter((permission) => checked.has(permission))
    .map((permission) => [`\`${permission}\``, ...ROLES.map((role) => CELLS[PERMISSIONS[permission][role]])])
  const head = ['', ...ROLES.map((role) => TITLES[role])]
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const rule = widths.map((width) => '-'.repeat(width))
  return [line(head, widths), line(rule, widths), ...rows.map((row) => line(row, widths))].join('\n')
}

/** Returns the page with the table in its place. @throws if the page has no place for it. */
export function withRolesTable(page: string): string {
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) throw new Error(`The page has no “${BEGIN}” with “${END}” after it`)
  return `${before}${BEGIN}\n\n${rolesTable()}\n\n${END}${after}`
}

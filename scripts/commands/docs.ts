import { readFileSync, writeFileSync } from 'node:fs'
import { withRolesTable } from '../docs/roles-table.ts'

const page = new URL('../../docs/data-model.md', import.meta.url)
writeFileSync(page, withRolesTable(readFileSync(page, 'utf8')))

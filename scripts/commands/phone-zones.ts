import { readFileSync, writeFileSync } from 'node:fs'
import { must } from '../../core/assert.ts'
import { phoneZoneTable } from '../phone-zones/phone-zone-table.ts'

const source = must(process.argv[2], 'The path of map_data.txt is missing')
writeFileSync(
  new URL('../../core/calling-hours/phone-zone-table.ts', import.meta.url),
  phoneZoneTable(readFileSync(source, 'utf8')),
)

import { parseArgs } from 'node:util'
import { callCenterCsv } from '../app/testing/call-center-file.ts'

/** `node scripts/generate-call-file.ts --rows=5000 --seed=1 > calls.csv`: an export of a call centre, to try the import on. */
const { values } = parseArgs({ options: { rows: { type: 'string', default: '5000' }, seed: { type: 'string', default: '1' } } })
process.stdout.write(callCenterCsv(Number(values.rows), Number(values.seed)))

import { runCommandLine } from '../start/programs.ts'

await runCommandLine()

/**
 * The line that programs wait for; it stands alone on standard output.
 *
 * @param who whose window it is, where there are several
 */
export function reportReady(url: string, who?: string): void {
  process.stdout.write(`Propaganda Dashboard ready at ${url}${who === undefined ? '' : ` (${who})`}\n`)
}

/** What happens meanwhile, for the person at the terminal. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

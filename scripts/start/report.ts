/**
 * Prints the line for which programs wait, the only one on standard output.
 *
 * @param who the person of the window, if there are several
 */
export function reportReady(url: string, who?: string): void {
  process.stdout.write(`Propaganda Dashboard ready at ${url}${who === undefined ? '' : ` (${who})`}\n`)
}

/** Prints progress for the person at the terminal. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

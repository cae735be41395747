/** The line that programs wait for; it stands alone on standard output. */
export function reportReady(url: string): void {
  process.stdout.write(`Propaganda Dashboard ready at ${url}\n`)
}

/** What happens meanwhile, for the person at the terminal. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** A terminal and npm may each deliver the same Ctrl+C; within this time, in milliseconds, it is one. */
const ECHO = 1_000

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs `stop` at the first signal to end and exits with success when it is done. A second signal, if a person sends one because that
 * takes too long, ends the process at once; the data survives that as it survives a crash.
 *
 * @returns stops for another reason, with this exit code
 */
export function stopOnSignals(stop: () => Promise<void>): (exitCode: number) => void {
  let begun: number | undefined
  const end = (exitCode: number) => {
    begun = performance.now()
    stop().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  for (const signal of SIGNALS)
    process.on(signal, () => {
      if (begun === undefined) end(0)
      else if (performance.now() - begun > ECHO) process.exit(1)
    })
  // Whoever started us is gone, and with it the terminal or the test that would have stopped us.
  process.on('disconnect', () => {
    if (begun === undefined) end(0)
  })
  return (exitCode) => {
    if (begun === undefined) end(exitCode)
  }
}

/** A terminal and npm may each deliver the same Ctrl+C. Signals within this time count as one, ms. */
const ECHO = 1_000

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs `stop` at the first signal and then exits with success. A second signal ends the process immediately, for a person who does not want
 * to wait. The data survives this like a crash.
 *
 * @returns a function that stops for another reason, with the given exit code
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
  // The parent process ended, and with it the terminal or test that would have sent a signal.
  process.on('disconnect', () => {
    if (begun === undefined) end(0)
  })
  return (exitCode) => {
    if (begun === undefined) end(exitCode)
  }
}

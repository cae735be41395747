/** Downloads a text as a file. */
export function saveText(fileName: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  // The browser has read the text when the click returns to the event loop.
  setTimeout(() => URL.revokeObjectURL(url), 1_000)
}

/** Downloads a file that this window made. */
export function saveBlob(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  // The browser has read the file when the click returns to the event loop.
  setTimeout(() => URL.revokeObjectURL(url), 1_000)
}

/** Saves a file that the application offers to this window. The browser, or the desktop shell, chooses where. */
export function saveDownload(path: string, fileName: string): void {
  const link = document.createElement('a')
  link.href = path
  link.download = fileName
  link.click()
}

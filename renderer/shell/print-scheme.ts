const SCHEME = 'data-mantine-color-scheme'

/** Prints in light colours, because paper is white and browsers leave out backgrounds. */
export function printInLight(window: Window): void {
  const { documentElement: root } = window.document
  let shown: string | null = null
  window.addEventListener('beforeprint', () => {
    shown ??= root.getAttribute(SCHEME)
    root.setAttribute(SCHEME, 'light')
  })
  window.addEventListener('afterprint', () => {
    if (shown !== null) root.setAttribute(SCHEME, shown)
    shown = null
  })
}

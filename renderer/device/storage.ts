/** What this device stores without a person. A storage that the browser refuses throws when the property is read. */
export type DeviceStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Returns undefined if the browser refuses access. */
function accessible(read: () => DeviceStorage): DeviceStorage | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Returns undefined if the browser refuses access. */
export function deviceStorage(page: Pick<Window, 'localStorage'>): DeviceStorage | undefined {
  return accessible(() => page.localStorage)
}

/** Returns what this tab stores until it is closed; undefined if the browser refuses access. */
export function tabStorage(page: Pick<Window, 'sessionStorage'>): DeviceStorage | undefined {
  return accessible(() => page.sessionStorage)
}

import type { MenuItemConstructorOptions } from 'electron'
import type { MenuLabels } from './language.ts'

type Item = MenuItemConstructorOptions
const separator: Item = { type: 'separator' }

/**
 * Returns the menu bar: only what the system expects. The page gets a key before the menu, so its own undo has priority.
 *
 * @param label in the language of the window; Electron's own labels are English
 */
export function menuTemplate(platform: NodeJS.Platform, devTools: boolean, label: MenuLabels): Item[] {
  const isMac = platform === 'darwin'
  return [
    isMac
      ? { role: 'appMenu', submenu: appItems(label) }
      : { label: label('menu.file'), submenu: [{ role: 'quit', label: label('menu.quit') }] },
    { role: 'editMenu', label: label('menu.edit'), submenu: editItems(isMac, label) },
    {
      label: label('menu.view'),
      submenu: [
        { role: 'resetZoom', label: label('menu.reset-zoom') },
        { role: 'zoomIn', label: label('menu.zoom-in') },
        { role: 'zoomOut', label: label('menu.zoom-out') },
        separator,
        { role: 'togglefullscreen', label: label('menu.full-screen') },
        ...(devTools ? developerItems(label) : []),
      ],
    },
    { role: 'windowMenu', label: label('menu.window'), submenu: windowItems(isMac, label) },
  ]
}

function appItems(label: MenuLabels): Item[] {
  return [
    { role: 'about', label: label('menu.about') },
    separator,
    { role: 'services', label: label('menu.services') },
    separator,
    { role: 'hide', label: label('menu.hide') },
    { role: 'hideOthers', label: label('menu.hide-others') },
    { role: 'unhide', label: label('menu.show-all') },
    separator,
    { role: 'quit', label: label('menu.quit-product') },
  ]
}

function editItems(isMac: boolean, label: MenuLabels): Item[] {
  return [
    { role: 'undo', label: label('menu.undo') },
    { role: 'redo', label: label('menu.redo') },
    separator,
    { role: 'cut', label: label('menu.cut') },
    { role: 'copy', label: label('menu.copy') },
    { role: 'paste', label: label('menu.paste') },
    { role: 'delete', label: label('menu.delete') },
    ...(isMac ? [] : [separator]),
    { role: 'selectAll', label: label('menu.select-all') },
  ]
}

function developerItems(label: MenuLabels): Item[] {
  return [separator, { role: 'reload', label: label('menu.reload') }, { role: 'toggleDevTools', label: label('menu.dev-tools') }]
}

function windowItems(isMac: boolean, label: MenuLabels): Item[] {
  const usual: Item[] = [
    { role: 'minimize', label: label('menu.minimize') },
    { role: 'zoom', label: label('menu.zoom') },
  ]
  return isMac
    ? [...usual, separator, { role: 'front', label: label('menu.front') }]
    : [...usual, { role: 'close', label: label('menu.close') }]
}

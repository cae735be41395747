import { t } from '@lingui/core/macro'
import { Button, createTheme, Input } from '@mantine/core'
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core'
import { PALETTES, type Palette } from '../../core/charts/palette.ts'

/** The accent colour. White text on shade 7 has a contrast of 5.9:1, shade 4 on the dark body 7:1. */
const accent: MantineColorsTuple = [
  '#edf2ff',
  '#dbe4ff',
  '#bac8ff',
  '#91a7ff',
  '#748ffc',
  '#5c7cfa',
  '#4263eb',
  '#3b5bdb',
  '#364fc7',
  '#2b3f9e',
]

const small = { defaultProps: { size: 'xs' } }
const quickDropdown = { transitionProps: { duration: 0 }, shadow: 'md', keepMounted: false }

/** The theme of all screens. Differences from the library are defined only here, for all components. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 7 },
  colors: { accent },
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: '13px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '20px', sm: '20px', md: '20px', lg: '24px', xl: '28px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '2px', sm: '4px', md: '4px', lg: '8px', xl: '8px' },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '16px', lineHeight: '24px' },
      h2: { fontSize: '14px', lineHeight: '20px' },
      h3: { fontSize: '13px', lineHeight: '20px' },
    },
  },
  components: {
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 28 } },
    Alert: { defaultProps: { variant: 'light', p: 'sm' } },
    Anchor: { defaultProps: { underline: 'hover' } },
    Badge: { defaultProps: { variant: 'light', color: 'gray', radius: 'sm', tt: 'none', fw: 500 } },
    Button: Button.extend({
      defaultProps: { size: 'xs', fw: 500 },
      vars: () => ({ root: { '--button-height': '28px', '--button-padding-x': '10px' } }),
    }),
    Checkbox: small,
    Drawer: { defaultProps: { transitionProps: { duration: 0 } } },
    FileInput: small,
    Input: Input.extend({
      defaultProps: { size: 'xs' },
      vars: () => ({ wrapper: { '--input-height': '28px' } }),
    }),
    InputDescription: { defaultProps: { fz: 12, lh: '16px' } },
    InputError: { defaultProps: { fz: 12, lh: '16px' } },
    InputWrapper: { defaultProps: { size: 'xs' } },
    Combobox: { defaultProps: quickDropdown },
    // A label takes only its own width, and its value follows, as in a table.
    DataList: { defaultProps: { size: 'sm', gap: 4 }, styles: { item: { gap: 0 } } },
    List: { defaultProps: { size: 'sm' } },
    Text: { defaultProps: { size: 'sm' } },
    Loader: { defaultProps: { size: 'sm' } },
    Menu: { defaultProps: quickDropdown },
    Modal: { defaultProps: { transitionProps: { duration: 0 } } },
    MultiSelect: { defaultProps: { size: 'xs', comboboxProps: quickDropdown } },
    // Below a title the library's text has a contrast under 4.5:1.
    Notification: { styles: { description: { color: 'var(--mantine-color-text)' } } },
    NumberInput: small,
    PasswordInput: {
      // A function, because the language is not known yet when the theme is created.
      defaultProps: () => ({ size: 'xs', visibilityToggleButtonProps: { 'aria-label': t`Show or hide what is typed` } }),
    },
    Popover: { defaultProps: quickDropdown },
    Radio: small,
    // The library dims the description of the selected line, and its contrast is then too low.
    Spotlight: {
      styles: { actionDescription: { opacity: 1 }, actionSection: { opacity: 1 } },
    },
    SpotlightRoot: { defaultProps: { overlayProps: { backgroundOpacity: 0.35 }, transitionProps: { duration: 0 } } },
    SegmentedControl: { defaultProps: { size: 'xs', transitionDuration: 0 } },
    Select: { defaultProps: { size: 'xs', allowDeselect: false, comboboxProps: quickDropdown } },
    Switch: small,
    Table: { defaultProps: { verticalSpacing: 4, horizontalSpacing: 8 } },
    Textarea: small,
    TextInput: small,
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 0 } } },
  },
})

/** The colours of charts. Exported files use the same. */
function chartColours(palette: Palette) {
  return {
    '--chart-completed': palette.completed,
    '--chart-no-show': palette.noShow,
    '--chart-rescheduled': palette.rescheduled,
    '--chart-cancelled': palette.cancelled,
    '--chart-scheduled': palette.scheduled,
    '--chart-bar': palette.bar,
    '--chart-line': palette.line,
    '--chart-former': palette.former,
    '--chart-target': palette.target,
  }
}

/** Replaces the library's grey of secondary text, placeholders and disabled fields, whose contrast is below 4.5:1. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#565e66',
    '--mantine-color-placeholder': '#6a727a',
    '--mantine-color-disabled-color': '#6a727a',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-orange-light-color': '#8a3500',
    '--mantine-color-red-light-color': '#a61e1e',
    '--mantine-color-green-light-color': '#1b6e2c',
    '--mantine-color-accent-light': '#e4eaff',
    '--mantine-color-accent-light-hover': '#d3dcff',
    '--mantine-color-accent-light-color': '#2b3f9e',
    '--app-surface': '#f8f9fa',
    '--app-border': '#dee2e6',
    '--app-hover': '#f1f3f5',
    '--app-selected': '#e4eaff',
    '--app-bar': '#bac8ff',
    '--app-mark': '#fff3bf',
    ...chartColours(PALETTES.light),
  },
  dark: {
    '--mantine-color-dimmed': '#a6a7ab',
    '--mantine-color-placeholder': '#999ba0',
    '--mantine-color-disabled-color': '#999ba0',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-accent-light': '#273157',
    '--mantine-color-accent-light-hover': '#303c6b',
    '--mantine-color-accent-light-color': '#c3cfff',
    '--app-surface': '#1f1f1f',
    '--app-border': '#373737',
    '--app-hover': '#2b2b2b',
    '--app-selected': '#273157',
    '--app-bar': '#3b4f9e',
    '--app-mark': '#5c4a00',
    ...chartColours(PALETTES.dark),
  },
})

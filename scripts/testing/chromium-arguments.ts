/** The features that Playwright disables. A second `--disable-features` replaces the first, so the tests' own has to repeat them. */
export const PLAYWRIGHT_DISABLES = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'msForceBrowserSignIn',
  'msEdgeUpdateLaunchServicesPreferredVersion',
]

/**
 * The lists of suggestions below the address bar, which recent versions draw as two web pages. Chromium loads both for each new context, in
 * a process of their own, although no test shows an address bar. That takes as much processor time as loading the application.
 */
const ADDRESS_BAR = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup']

/** The arguments of Chromium in end-to-end tests, in addition to Playwright's. */
export const CHROMIUM_ARGUMENTS = [
  '--disable-gpu',
  '--disable-software-rasterizer',
  `--disable-features=${[...PLAYWRIGHT_DISABLES, ...ADDRESS_BAR].join(',')}`,
]

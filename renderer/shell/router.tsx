import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from '@tanstack/react-router'
import { ErrorPage } from './error-page.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { parseSearch, stringifySearch } from '../view/search-text.ts'
import type { SearchText } from '../view/search-text.ts'
import { Shell } from './shell.tsx'
import { PROSPECT_IN_ADDRESS } from './use-prospect-address.ts'

const anyText = (search: Record<string, unknown>): SearchText => search as SearchText
const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFoundPage,
  validateSearch: anyText,
  // The card of a prospect stays when the filters or the section change.
  search: { middlewares: [retainSearchParams([PROSPECT_IN_ADDRESS])] },
})

const dashboard = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: anyText,
  component: lazyRouteComponent(() => import('../features/dashboard/dashboard-page.tsx'), 'DashboardPage'),
})
const today = createRoute({
  getParentRoute: () => root,
  path: '/today',
  validateSearch: anyText,
  component: lazyRouteComponent(() => import('../features/today/today-page.tsx'), 'TodayPage'),
})
const calls = createRoute({
  getParentRoute: () => root,
  path: '/calls',
  validateSearch: anyText,
  component: lazyRouteComponent(() => import('../features/calls/calls-page.tsx'), 'CallsPage'),
})
const targets = createRoute({
  getParentRoute: () => root,
  path: '/targets',
  validateSearch: anyText,
  component: lazyRouteComponent(() => import('../features/targets/targets-page.tsx'), 'TargetsPage'),
})
const proof = createRoute({
  getParentRoute: () => root,
  path: '/proof',
  validateSearch: anyText,
  component: lazyRouteComponent(() => import('../features/dashboard/proof-page.tsx'), 'ProofPage'),
})
const corrections = createRoute({
  getParentRoute: () => root,
  path: '/corrections',
  validateSearch: anyText,
  component: lazyRouteComponent(() => import('../features/dashboard/corrections-page.tsx'), 'CorrectionsPage'),
})
const imports = createRoute({
  getParentRoute: () => root,
  path: '/import',
  component: lazyRouteComponent(() => import('../features/imports/import-page.tsx'), 'ImportPage'),
})
const users = createRoute({
  getParentRoute: () => root,
  path: '/users',
  component: lazyRouteComponent(() => import('../features/users/users-page.tsx'), 'UsersPage'),
})
const lossReasons = createRoute({
  getParentRoute: () => root,
  path: '/loss-reasons',
  component: lazyRouteComponent(() => import('../features/loss-reasons/loss-reasons-page.tsx'), 'LossReasonsPage'),
})
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: anyText,
  component: lazyRouteComponent(() => import('../features/audit/audit-page.tsx'), 'AuditPage'),
})
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('../features/settings/settings-page.tsx'), 'SettingsPage'),
})
const attention = createRoute({
  getParentRoute: () => root,
  path: '/attention',
  component: lazyRouteComponent(() => import('../features/sync/attention-page.tsx'), 'AttentionPage'),
})

const pages = [
  dashboard,
  proof,
  corrections,
  today,
  calls,
  targets,
  imports,
  users,
  lossReasons,
  audit,
  settings,
  attention,
] as const

/** Loads the code of the page at an address while the person’s preferences load. @param hash of `location` */
export function preloadPage(hash: string): void {
  const [path = ''] = hash.replace(/^#/, '').split('?')
  const page = pages.find(({ options }) => 'path' in options && options.path === (path || '/'))
  void page?.options.component?.preload?.()
}

/** The address of a screen is in the fragment (`#`), so it works under 127.0.0.1 and `app://` without routes on a server. */
export function createAppRouter() {
  return createRouter({
    routeTree: root.addChildren(pages),
    history: createHashHistory(),
    parseSearch,
    stringifySearch,
    defaultErrorComponent: ({ error, reset }) => <ErrorPage error={error} again={reset} />,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}

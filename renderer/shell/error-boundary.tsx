import { Component } from 'react'
import type { ReactNode } from 'react'
import { ErrorPage } from './error-page.tsx'

type Props = { readonly children: ReactNode }
type State = { readonly error: unknown }

/** Catches errors of rendering. Drafts are written as they are typed, so the error loses none. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined }

  static getDerivedStateFromError(error: unknown): State {
    return { error: error ?? new Error('Unknown failure') }
  }

  override componentDidCatch(error: unknown) {
    // Reports the error to the window's log, like an uncaught one.
    reportError(error)
  }

  override render() {
    if (this.state.error === undefined) return this.props.children
    return <ErrorPage error={this.state.error} again={() => this.setState({ error: undefined })} />
  }
}

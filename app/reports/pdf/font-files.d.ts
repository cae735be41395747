/** A font as a `data:` URL, which the bundler puts into the code. */
declare module '*.woff?inline' {
  const url: string
  export default url
}

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { serverBuild } from '../building/builds.ts'
import { buildIfStale } from '../building/stale-build.ts'
import { TREE } from '../tree.ts'

// The build is used because every thread that reads TypeScript takes 20 MB more. Standard output belongs to the server.
await buildIfStale(serverBuild, () => console.error('Building the sync server …'))
await import(pathToFileURL(join(TREE, serverBuild.output, 'main.mjs')).href)

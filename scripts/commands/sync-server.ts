import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { serverBuild } from '../building/builds.ts'
import { buildIfStale } from '../building/stale-build.ts'
import { TREE } from '../tree.ts'

// Built, because every thread that reads TypeScript holds 20 MB for that. Standard output is the server's own.
await buildIfStale(serverBuild, () => console.error('Building the sync server …'))
await import(pathToFileURL(join(TREE, serverBuild.output, 'main.js')).href)

import { electronBuild, programsBuild, rendererBuild, serverBuild } from '../building/builds.ts'
import { buildIfStale } from '../building/stale-build.ts'

for (const build of [rendererBuild, electronBuild, programsBuild, serverBuild]) {
  const built = await buildIfStale(build, () => console.log(`Building ${build.output} …`))
  if (!built) console.log(`${build.output} is up to date`)
}

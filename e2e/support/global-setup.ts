import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rendererBuild } from '../../scripts/building/builds.ts'
import { buildIfStale } from '../../scripts/building/stale-build.ts'
import buildForTests from '../../scripts/testing/build-for-tests.ts'
import { TREE } from '../../scripts/tree.ts'
import { RENDERER_VARIABLE } from './app-process.ts'
import { makeTeamTemplate, TEAM_VARIABLE } from './team-template.ts'

/**
 * Builds what is stale, and creates the team that tests copy. The run uses a copy of the window's files, so that a build during the run does
 * not remove them.
 */
export default async function prepare(): Promise<() => void> {
  await buildIfStale(rendererBuild, () => console.log('Building the window …'))
  await buildForTests()
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-window-'))
  const [renderer, team] = [join(folder, 'renderer'), join(folder, 'team')]
  cpSync(join(TREE, rendererBuild.output), renderer, { recursive: true })
  process.env[RENDERER_VARIABLE] = renderer
  mkdirSync(team)
  await makeTeamTemplate(team)
  process.env[TEAM_VARIABLE] = team
  return () => rmSync(folder, { recursive: true, force: true })
}

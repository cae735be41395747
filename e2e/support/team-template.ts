import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must } from '../../core/assert.ts'
import { AppProcess } from './app-process.ts'
import { createTeam, PASSWORD, type Team } from './team.ts'

/** The environment variable with the folder of the template, which global-setup.ts creates. */
export const TEAM_VARIABLE = 'PROPAGANDA_E2E_TEAM'

const WORKSPACES = 'workspaces'
const TEAM_FILE = 'team.json'

type TeamFacts = Omit<Team, 'visitor' | 'api'>

/** Creates a team with the application and copies its workspace to `folder`. */
export async function makeTeamTemplate(folder: string): Promise<void> {
  const app = await AppProcess.start()
  try {
    const { visitor, api: _, ...facts } = await createTeam(app)
    visitor.close()
    await app.stop()
    cpSync(join(app.home, WORKSPACES), join(folder, WORKSPACES), { recursive: true })
    writeFileSync(join(folder, TEAM_FILE), JSON.stringify(facts satisfies TeamFacts))
  } finally {
    await app.dispose()
  }
}

/** Adds a copy of the template's workspace to the home of `app`, where the application finds it, and signs the admin in. */
export async function copyTeam(app: AppProcess): Promise<Team> {
  const folder = must(process.env[TEAM_VARIABLE], `${TEAM_VARIABLE}, which global-setup.ts sets`)
  const facts = JSON.parse(readFileSync(join(folder, TEAM_FILE), 'utf8')) as TeamFacts
  cpSync(join(folder, WORKSPACES), join(app.home, WORKSPACES), { recursive: true })
  const visitor = await app.visit()
  await visitor.api.session.signIn({ email: facts.admin.email, password: PASSWORD })
  return { ...facts, visitor, api: visitor.api }
}

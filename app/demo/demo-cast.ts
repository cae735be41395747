import type { CallOutcome } from '../../core/model/call.ts'
import type { Role } from '../../core/roles.ts'

/** Work habits of a person. They differ, so that leaderboards and heat maps show differences. */
export type CastMember = {
  readonly name: string
  readonly email: string
  readonly role: Role
  /** Years before now at which the person joined, and left (and was deactivated). */
  readonly joined: number
  readonly left?: number
  /** Calls per day of a trained person; 0: makes no calls. */
  readonly pace: number
  /** Share of decided calls that are won. */
  readonly skill: number
  /** Share of scheduled calls that the prospect attends. */
  readonly show: number
}

const AT = 'nordlicht.example'

export const CAST: readonly CastMember[] = [
  { name: 'Mara Okafor', email: `mara@${AT}`, role: 'team_lead', joined: 3, pace: 0.8, skill: 0.42, show: 0.86 },
  { name: 'Vera Kowalski', email: `vera@${AT}`, role: 'viewer', joined: 2.6, pace: 0, skill: 0, show: 0 },
  { name: 'Ben Hartmann', email: `ben@${AT}`, role: 'agent', joined: 3, pace: 5.6, skill: 0.38, show: 0.82 },
  { name: 'Ceyda Yılmaz', email: `ceyda@${AT}`, role: 'agent', joined: 3, pace: 6.1, skill: 0.31, show: 0.8 },
  { name: 'Dmitri Sokolov', email: `dmitri@${AT}`, role: 'agent', joined: 3, pace: 4.2, skill: 0.45, show: 0.84 },
  { name: 'Emma Lindgren', email: `emma@${AT}`, role: 'agent', joined: 2.9, pace: 5.1, skill: 0.29, show: 0.77 },
  { name: 'Farid Haddad', email: `farid@${AT}`, role: 'agent', joined: 2.4, pace: 5.4, skill: 0.34, show: 0.79 },
  { name: 'Greta Vogel', email: `greta@${AT}`, role: 'agent', joined: 3, left: 0.7, pace: 4.4, skill: 0.24, show: 0.71 },
  { name: 'Hugo Almeida', email: `hugo@${AT}`, role: 'agent', joined: 1.8, pace: 5.8, skill: 0.33, show: 0.8 },
  { name: 'Ines Marković', email: `ines@${AT}`, role: 'agent', joined: 0.35, pace: 4.6, skill: 0.22, show: 0.78 },
]

/** `until`: years before now at which the loss reason was deactivated. */
export const REASONS: readonly {
  readonly name: string
  readonly weight: number
  readonly description: string | null
  readonly until?: number
}[] = [
  { name: 'Price too high', weight: 30, description: null },
  { name: 'Chose a competitor', weight: 19, description: null },
  { name: 'No need', weight: 14, description: null },
  { name: 'Bad timing', weight: 12, description: null },
  { name: 'No decision maker', weight: 6, description: null },
  { name: 'Under contract elsewhere', weight: 11, description: 'Bound to another supplier for more than six months' },
  { name: 'Roof not suitable', weight: 5, description: null },
  { name: 'Subsidy ended', weight: 16, description: 'The state programme of the first year', until: 1.6 },
]

export const FIRST_NAMES = [
  'Anna', 'Lukas', 'Sofia', 'Jonas', 'Leonie', 'Paul', 'Aylin', 'Max', 'Clara', 'Tim', 'Nora', 'Felix', 'Amira', 'Jan', 'Helene', 'Oskar',
  'Ida', 'Karim', 'Lena', 'Moritz', 'Svea', 'Tomasz', 'Julia', 'Emil', 'Fatma', 'Piotr', 'Katharina', 'Noah', 'Selin', 'Anton', 'Marlene', 'Yusuf',
] // prettier-ignore
export const LAST_NAMES = [
  'Müller', 'Schmidt', 'Nowak', 'Weber', 'Kaya', 'Fischer', 'Becker', 'Hoffmann', 'Krüger', 'Wagner', 'Lehmann', 'Demir', 'Schäfer', 'Bauer',
  'Koch', 'Richter', 'Wolf', 'Jansen', 'Petersen', 'Wójcik', 'Brandt', 'Kraus', 'Horváth', 'Sommer', 'Vogt', 'Yıldız', 'Franke', 'Böhm',
  'Albrecht', 'Seidel', 'Ortiz', 'Winter', 'Groß', 'Haas', 'Nguyen', 'Silva', 'Keller', 'Peters', 'Roth', 'Simon',
] // prettier-ignore
export const COMPANIES = [
  'Bäckerei',
  'Autohaus',
  'Praxis',
  'Gärtnerei',
  'Kanzlei',
  'Metallbau',
  'Pension',
  'Tischlerei',
  'Apotheke',
  'Weingut',
]
export const MAIL_HOSTS = ['post.example', 'mail.example', 'inbox.example', 'briefe.example']

/** Numbers that Germany's regulator reserves for films, so no real person has them. Formats differ, as people type them. */
export const PHONES: readonly ((digits: string) => string)[] = [
  (digits) => `+49 30 23125 ${digits}`,
  (digits) => `030/23125-${digits}`,
  (digits) => `(040) 66969 ${digits}`,
  (digits) => `+49 221 4710 ${digits}`,
  (digits) => `069 90009${digits}`,
  (digits) => `+498999998${digits}`,
]

export const NOTES: Readonly<Record<CallOutcome | 'no_show' | 'rescheduled' | 'cancelled', readonly string[]>> = {
  won: ['Signed for 24 months.', 'Wants the tariff with storage. Papers went out by mail.', 'Convinced by the price guarantee.', 'Neighbour recommended us.', 'Started as a question about the meter, ended with a contract.'],
  lost: ['Compared three offers, we were the most expensive.', 'Has no time for this before summer.', 'Stays with the municipal utility.', 'Asked not to be called again this year.', 'Landlord decides, tenant cannot.'],
  undecided: ['Will talk it over at home.', 'Wants the offer in writing first.', 'Asks for a call after the holidays.', 'Interested, but the roof has to be measured.', 'Needs last year’s bill to compare.'],
  no_show: ['No one answered, left a message.', 'Rang out twice.', 'Voicemail.'],
  rescheduled: ['In a meeting, please call later this week.', 'Asked for another day.', 'Bad line, try again.'],
  cancelled: ['Cancelled by e-mail.', 'No longer interested in a talk.', 'Double booking.'],
} // prettier-ignore

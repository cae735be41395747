/** A word or phrase that prose does not use, with what to write instead. */
export type BannedWord = { readonly pattern: RegExp; readonly instead: string }

/**
 * Words that readers in their second language stumble over, personifications, and second words for terms of the glossary. The list keeps out what was
 * found in this code once; it is no substitute for reading a text aloud.
 */
export const BANNED_WORDS: readonly BannedWord[] = [
  { pattern: /\bnobody\b(?!@)/i, instead: 'no one' },
  { pattern: /\banew\b/i, instead: 'again' },
  { pattern: /\bbesides?\b/i, instead: 'next to, except' },
  { pattern: /\b(?:where|there|here)?upon\b/i, instead: 'on' },
  {
    pattern: /\b(?:whence|whoever|whomever|whosoever|lest|thereof|whereof|wherein|therein|hence|nought)\b/i,
    instead: 'a plain word',
  },
  { pattern: /\b(?:hears|is told|are told|owes|owed)\b/i, instead: 'receives, is notified, is pending' },
  { pattern: /\bsays? so\b/i, instead: 'reports it' },
  { pattern: /\b(?:broken|breaks|broke) off\b/i, instead: 'interrupted' },
  { pattern: /\bof (?:its|their) own accord\b/i, instead: 'automatically' },
  { pattern: /\breplicat(?:e|es|ed|ing|ion)\b/i, instead: 'sync' },
  { pattern: /\bas it stands\b|\bstands? still\b/i, instead: 'unchanged' },
  { pattern: /\bbegun\b/i, instead: 'started' },
  { pattern: /\btombstones?\b/i, instead: 'deleted call' },
  { pattern: /\bstrangers?\b/i, instead: 'someone else, an unknown person' },
]

export type FoundWord = { readonly line: number; readonly word: string; readonly instead: string }

/** Returns the banned words in a page, or in the comments and test names of a file of code. */
export function bannedWords(path: string, text: string): FoundWord[] {
  const isPage = path.endsWith('.md')
  return text.split('\n').flatMap((line, index) => {
    const prose = isPage ? withoutCode(line) : proseOf(line)
    return BANNED_WORDS.flatMap(({ pattern, instead }) => {
      const word = pattern.exec(prose)?.[0]
      return word === undefined ? [] : [{ line: index + 1, word, instead }]
    })
  })
}

const COMMENT = /^\s*(?:\/\*\*?|\*|\/\/)(?<whole>.*)$|(?<=[\s;{(]\/\/ )(?<after>.*)$/
const TEST_NAME = /\b(?:test|describe)(?:\.\w+(?:\([^)]*\))?)?\(\s*(?<quote>['"`])(?<name>.*?)\k<quote>/

/** The comment and the name of a test on a line. */
function proseOf(line: string): string {
  const comment = COMMENT.exec(line)?.groups
  return withoutCode([comment?.['whole'], comment?.['after'], TEST_NAME.exec(line)?.groups?.['name']].join(' '))
}

/** Names of code in a text are not prose. */
function withoutCode(text: string): string {
  return text.replaceAll(/`[^`]*`/g, '')
}

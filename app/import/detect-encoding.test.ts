import iconv from 'iconv-lite'
import { expect, test } from 'vitest'
import { rankEncodings, valuesInDoubt } from './detect-encoding.ts'

const NAMES = {
  Czech: ['Jiří Dvořák', 'Tomáš Procházka', 'Lucie Černá', 'Petr Šťastný', 'Žaneta Říhová'],
  Polish: ['Łukasz Wiśniewski', 'Małgorzata Zając', 'Paweł Dąbrowski', 'Agnieszka Kozłowska'],
  Hungarian: ['Győző Kovács', 'Erzsébet Szűcs', 'Tünde Ötvös'],
  Russian: ['Иван Петров', 'Ольга Смирнова', 'Пётр Ильич', 'Наталья Кузнецова'],
  Turkish: ['Ayşe Yılmaz', 'Gökhan Şahin', 'İbrahim Çelik', 'Tuğba Öztürk'],
  German: ['Jürgen Müller', 'Jörg Weiß', 'Käthe Schröder', 'Özlem Groß'],
  French: ['François Lefèvre', 'Hélène Dupré', 'Zoë Benoît', 'Chloé Gérard'],
  Spanish: ['José Muñoz', 'Íñigo Pérez', 'María Núñez'],
  Greek: ['Γιώργος Παπαδόπουλος', 'Ελένη Νικολάου', 'Μαρία Ιωάννου'],
  Hebrew: ['משה כהן', 'דוד לוי'],
  Japanese: ['山田太郎', '佐藤花子', '鈴木一郎', '断り 20代'],
  Chinese: ['张伟', '王芳', '李娜 无人接听'],
  Korean: ['김철수', '이영희 부재중'],
} as const

const FILES: readonly (readonly [keyof typeof NAMES, string])[] = [
  ['Czech', 'windows-1250'],
  ['Czech', 'iso-8859-2'],
  ['Czech', 'cp852'],
  ['Polish', 'windows-1250'],
  ['Polish', 'cp852'],
  ['Hungarian', 'windows-1250'],
  ['Russian', 'windows-1251'],
  ['Russian', 'koi8-r'],
  ['Russian', 'cp866'],
  ['Russian', 'maccyrillic'],
  ['Turkish', 'windows-1254'],
  ['Turkish', 'cp857'],
  ['German', 'windows-1252'],
  ['German', 'macroman'],
  ['German', 'cp850'],
  ['French', 'windows-1252'],
  ['French', 'macroman'],
  ['French', 'cp850'],
  ['Spanish', 'windows-1252'],
  ['Spanish', 'macroman'],
  ['Spanish', 'cp850'],
  ['Greek', 'windows-1253'],
  ['Hebrew', 'windows-1255'],
  ['Japanese', 'shift_jis'],
  ['Japanese', 'euc-jp'],
  ['Chinese', 'gb18030'],
  ['Korean', 'euc-kr'],
]

/** Returns a file of calls in which only the names are not ASCII. */
function fileOf(names: readonly string[], rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, n) => `${n},${names[n % names.length]},Jo Smith,2026-11-0${(n % 9) + 1} 10:30,completed,called back`,
  )
  return ['Id,Agent,Name,Date,Status,Notes', ...lines, ''].join('\r\n')
}

test.each(FILES.flatMap(([language, encoding]) => [4, 400].map((rows) => [language, encoding, rows] as const)))(
  '%s names in %s are decoded correctly in a file of %i rows',
  (language, encoding, rows) => {
    const text = fileOf(NAMES[language], rows)
    const bytes = iconv.encode(text, encoding)
    const [best] = rankEncodings(valuesInDoubt(bytes))
    // An encoding that decodes every value alike is as good.
    expect(iconv.decode(bytes, best?.encoding ?? 'ascii')).toBe(text)
  },
)

test.each([
  ['Jürgen', 'windows-1252'],
  ['Jürgen', 'macroman'],
  ['Jürgen', 'cp850'],
  ['José', 'windows-1252'],
  ['Ayşe Yılmaz', 'windows-1254'],
  ['Łukasz', 'windows-1250'],
  ['Иван', 'windows-1251'],
  ['François', 'cp850'],
  ['„grüße“ – 5 €', 'windows-1252'],
  ['Café', 'windows-1252'],
  ['naïve', 'windows-1252'],
  ['Señor Peña', 'windows-1252'],
  ['Ångström', 'windows-1252'],
  ['Øystein', 'windows-1252'],
  ['Þór Guðmundsdóttir', 'windows-1252'],
  ['Ömer Çelik', 'windows-1254'],
  ['MÜLLER GMBH', 'windows-1252'],
])('a single %s in %s is decoded correctly', (name, encoding) => {
  const [best] = rankEncodings([iconv.encode(name, encoding)])
  expect(iconv.decode(iconv.encode(name, encoding), best?.encoding ?? 'ascii')).toBe(name)
})

test('an ASCII file has no candidates', () => expect(rankEncodings(valuesInDoubt(Buffer.from('a,b\n1,2\n')))).toEqual([]))

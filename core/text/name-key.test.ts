import fc from 'fast-check'
import { expect, test } from 'vitest'
import { languageOfCountry, nameKey, sortedByName } from './name-key.ts'

/** Unsorted names by language, with the letters that the language sorts in a special way. */
const NAMES: Readonly<Record<string, string>> = {
  '': 'Zoë Ärger Arger Argos Aal Äpfel Apfel Öl Ohm Strasse Straße Strast Łukasz Lukas Lukasz Ångström Aston Œuvre Ofen Éric Eric Erik Ñandú Nina Þor Zorn',
  de: 'Müller Mueller Muller Mutter Ärger Arger Azur Österreich Ost Otto Über Uber Uz Strauß Straus Strauss',
  sv: 'Åsa Ärla Örjan Zeta Anna Olle Adam Aake Östen Zlatan Ülo Yrsa',
  fi: 'Äijö Aalto Öhman Zetterlund Åkerlund Olli Virtanen',
  da: 'Åse Ærø Østergaard Zahle Anders Olsen Aagaard Adam',
  nb: 'Øystein Åge Ærlig Zander Anne Ola Aasen',
  es: 'Ñuñez Nuñez Nunez Núñez Ortega Nora Nz Ángel Andrea Azar',
  pl: 'Łukasz Lukasz Lwów Mazur Ćwik Cezary Czesław Dawid Żaneta Zofia Źrebak Świt Szymon Sz Ąda Azor Óla Ola Oz',
  cs: 'Čapek Cyril Chalupa Hus Havel Ivan Dan Řehoř Rudolf Sova Šimon Tomáš Žižka Zuzana',
  sk: 'Ľuboš Luboš Čech Cyril Chren Hora Ivan Ôsmy Oto Ondrej Ändrej Anna Azet',
  hu: 'Csaba Cukor Czakó Dániel Gyula Gusztáv Géza Nyári Nagy Őri Öcsi Orbán Ország Szabó Sípos Zsófia Zoltán Ürge Űr Ubul Tyúk Tamás',
  tr: 'Işık İbrahim Irmak Inan Çiğdem Cem Can Deniz Şule Sami Tarık Öz Osman Ünal Umut Ğa Gül Hakan Jale',
  hr: 'Čović Ćosić Cvitan Dragan Đuro Džeko Dubrava Ljubo Luka Lzar Njegoš Nikola Šimun Sanja Žarko Zora',
  sl: 'Čuk Cene Drago Đoko Šega Sonja Žan Zala',
  ro: 'Ștefan Stefan Sorin Țara Tudor Ăla Ana Azi Înal Ion Iz Âna',
  is: 'Ágúst Agnes Azar Örn Óli Oz Þór Zar Ýr Yr Ævar Ðor Dz',
  et: 'Õie Ülle Ärni Öö Zoja Šura Silver Toomas Uno Villu Žanna',
  lt: 'Čiurlionis Cukas Šarūnas Saulius Žydrūnas Zita Yla Ieva Jonas Iza',
  lv: 'Ādams Čaks Cēsis Ģirts Guna Ķeniņš Karlis Ļena Lz Ņina Nz Šalkone Suna Žanis Zane',
  sq: 'Çela Cela Dhimiter Drita Ëndrra Eva Gjon Gzim Llesh Luan Njazi Nuri Shpend Suela Thanas Tuni Xhevdet Xun Zhan Zyl',
  ru: 'Ёлкин Елкин Ежов Жуков Йод Ильин Кац Иванов Anna Яков',
  uk: 'Іван Їжак Ірина Йосип Ганна Ґалаґан Гена Єва Емма Женя Адам Яна',
  el: 'Άννα Αθηνά Βασίλης Ώρα Ορέστης Ωμέγα Anna',
  vi: 'Ánh An Ăn Âu Az Đỗ Dung Dz Ê Em Ơn Ôn On Ưng Ung',
}

test.each(Object.entries(NAMES))('the keys of %j sort names by the rules of the language', (language, text) => {
  const names = text.split(' ').flatMap((name) => [name, `${name} B`, `${name}a`])
  const { compare } = new Intl.Collator(language === '' ? 'en' : language)
  const expected = names.toSorted(compare)
  const found = sortedByName(
    names.map((name) => ({ name })),
    language,
  ).map(({ name }) => name)
  expect(found).toEqual(expected)
})

test.each([
  ['DE', 'de'],
  ['SE', 'sv'],
  ['NO', 'nb'],
  ['CZ', 'cs'],
  ['TR', 'tr'],
  [null, ''],
])('the language of %s is %j', (country, language) => {
  expect(languageOfCountry(country)).toBe(language)
})

test('spaces sort before punctuation, digits and letters; case and invisible characters do not count', () => {
  const names = ['Anna B', 'Anna-Lena', 'Anna2', 'Annab', 'annAb', 'An\u00adnab', 'Ánnab']
  expect(
    sortedByName(
      names.toReversed().map((name) => ({ name })),
      '',
    ).map(({ name }) => name),
  ).toEqual(['Anna B', 'Anna-Lena', 'Anna2', 'An\u00adnab', 'annAb', 'Annab', 'Ánnab'])
  expect(new Set(['Annab', 'annAb', 'An\u00adnab', ' Annab '].map((name) => nameKey(name, ''))).size).toBe(1)
})

test('a key is not empty and does not depend on how accents are encoded', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('', 'sv', 'cs', 'ru', 'tr'), (name, language) => {
      const key = nameKey(name, language)
      expect(key).not.toBe('')
      expect(nameKey(name.normalize('NFD'), language)).toBe(key)
      expect(nameKey(name.normalize('NFC'), language)).toBe(key)
    }),
    { numRuns: 300 },
  )
})

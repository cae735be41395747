/** The password of every demo account. It protects nothing: all that it opens is generated. */
export const DEMO_PASSWORD = 'propaganda-demo'

/** With whom the demo workspace is created, and who is signed in when it is ready. */
export const DEMO_CLIENT = {
  clientName: 'Nordlicht Energie (demo)',
  timeZone: 'Europe/Berlin',
  adminName: 'Ada Lindqvist',
  adminEmail: 'ada@nordlicht.example',
} as const

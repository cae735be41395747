/** Password of every demo account. It protects nothing, because all data of the demo is generated. */
export const DEMO_PASSWORD = 'propaganda-demo'

/** Client and admin of the demo workspace. The admin is signed in when it is ready. */
export const DEMO_CLIENT = {
  clientName: 'Nordlicht Energie (demo)',
  timeZone: 'Europe/Berlin',
  adminName: 'Ada Lindqvist',
  adminEmail: 'ada@nordlicht.example',
} as const

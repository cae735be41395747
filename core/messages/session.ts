/** Messages about the session and the rights of a person. */
export const SESSION_MESSAGES = [
  /*i18n*/ { id: 'session.wrong-credentials', message: 'E-mail or password is wrong. Check both and try again.' },
  /*i18n*/ { id: 'session.throttled', message: 'Too many wrong passwords. Wait, then try again.' },
  /*i18n*/ { id: 'session.locked', message: 'The session is locked. Your input is kept; enter your password.' },
  /*i18n*/ { id: 'session.deactivated', message: 'This account was deactivated. Saved work is kept. Ask an admin.' },
  /*i18n*/ { id: 'session.inactive', message: 'This account is no longer active. Saved work is kept; ask an admin.' },
  /*i18n*/ { id: 'session.ended', message: 'The session has ended. Saved work is kept. Sign in again.' },
  /*i18n*/ { id: 'session.none', message: 'No one is signed in. Sign in to continue.' },
  /*i18n*/ { id: 'session.choose-client', message: 'This e-mail and password match several clients. Choose one.' },
  /*i18n*/ { id: 'account.deactivated', message: 'This account was deactivated.' },
  /*i18n*/ {
    id: 'account.unchecked',
    message: 'The server was not reached, so it could not be checked whether the account is active again.',
  },
  /*i18n*/ {
    id: 'account.kept',
    message: 'What was done on this device is kept. Ask an admin to activate the account, then sign in again.',
  },
  /*i18n*/ { id: 'role.forbidden', message: 'Your role does not allow this.' },
  /*i18n*/ { id: 'role.forbidden-now', message: 'Your role no longer allows this.' },
  /*i18n*/ { id: 'role.unchanged', message: 'Nothing was changed; ask an admin.' },
  /*i18n*/ { id: 'role.ask', message: 'Ask an admin.' },
  /*i18n*/ { id: 'demo.partial', message: 'The demo client was created with {written} calls. Sign in as {email} to see them.' },
] as const

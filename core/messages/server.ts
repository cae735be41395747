/** Messages about the server. */
export const SERVER_MESSAGES = [
  /*i18n*/ { id: 'server.none', message: 'This program cannot connect to a server. Nothing was changed.' },
  /*i18n*/ { id: 'server.no-trail', message: 'The server does not answer. The lines shown are kept; try again later.' },
  /*i18n*/ {
    id: 'server.no-history',
    message:
      'The history of these calls is stored on the server, and the server does not answer. Nothing was changed. Try again when this device is online.',
  },
  /*i18n*/ {
    id: 'server.no-deleted-call',
    message:
      'The deleted call is stored on the server, and the server does not answer. Nothing was changed; restore the call when this device is connected.',
  },
  /*i18n*/ {
    id: 'server.no-answer',
    message: 'The server does not answer. What was done here is kept; check the address and the network, then try again.',
  },
  /*i18n*/ {
    id: 'server.no-sync',
    message:
      'The server does not answer. Your changes are kept; check the address and the network, then try again. (Another window of this device does the syncing, and it has not reached the server either.)',
  },
  /*i18n*/ { id: 'server.needs-https', message: 'A server on another computer needs https' },
  /*i18n*/ {
    id: 'server.code.PUBLISH_KEY',
    message: 'The publish key is missing or wrong, or this server does not accept publications. What was done here is kept.',
  },
  /*i18n*/ {
    id: 'server.code.ALREADY_PUBLISHED',
    message: 'This client is already on the server; join it instead. What was done here is kept.',
  },
  /*i18n*/ {
    id: 'server.code.PUBLICATION',
    message: 'The publication was interrupted. What was done here is kept; start again.',
  },
  /*i18n*/ {
    id: 'server.code.INVALID_ROW',
    message: 'The server refused a row that breaks a rule. What was done here is kept; contact your administrator.',
  },
  /*i18n*/ {
    id: 'server.code.THROTTLED',
    message: 'The server gets too many requests. What was done here is kept; wait, then try again.',
  },
  /*i18n*/ {
    id: 'server.code.UNSUPPORTED_MEDIA',
    message: 'The server could not read a request of this application. What was done here is kept; contact your administrator.',
  },
  /*i18n*/ { id: 'server.code.UNAVAILABLE', message: 'The server is busy or stopping. What was done here is kept; try again.' },
  /*i18n*/ {
    id: 'server.code.NOT_FOUND',
    message: 'There is no sync server at this address. What was done here is kept; check the address.',
  },
  /*i18n*/ { id: 'server.refused-change', message: 'The server refused this change. It was undone.' },
  /*i18n*/ { id: 'server.refused-restore', message: 'The server refused to restore the call. Nothing was changed.' },
  /*i18n*/ {
    id: 'server.unexpected',
    message: 'The server sent an unexpected answer. Nothing on this device was changed; contact your administrator.',
  },
  /*i18n*/ { id: 'server.replaced', message: 'The server was restored or replaced. Nothing was changed; ask an admin.' },
  /*i18n*/ { id: 'server.not-connected', message: 'This workspace is not connected to a server. Nothing was changed.' },
  /*i18n*/ { id: 'server.publish-or-join', message: 'This workspace is not connected to a server. Publish it, or join one.' },
  /*i18n*/ { id: 'server.connected', message: 'This workspace is connected to a server already. Nothing was changed.' },
  /*i18n*/ {
    id: 'server.signed-out',
    message: 'This device is signed out of the server. Nothing was changed; sign in to the server again first.',
  },
  /*i18n*/ {
    id: 'server.other-person',
    message: 'This device syncs for someone else. Nothing was changed; that person has to sign in to the server.',
  },
  /*i18n*/ { id: 'server.client-here', message: 'This client is on this device already. Nothing was changed; sign in to it.' },
  /*i18n*/ { id: 'server.join-stalled', message: 'The join makes no progress. Data that arrived is kept; ask an admin.' },
  /*i18n*/ {
    id: 'server.synced-elsewhere',
    message: 'Another process on this device has synced meanwhile. Nothing was changed; this process continues from there.',
  },
] as const

/** The queues. All of these paths are below the base path. */
export const QUEUES_PATH = '/queues';

/** The connect page. */
export const CONNECT_PATH = '/connect';

/** Where the authorisation begins. */
export const START_PATH = '/connect/start';

/** Where Xero sends the user back to. */
export const CALLBACK_PATH = '/connect/callback';

/** Where the form that disconnects an organisation goes. */
export const DISCONNECT_PATH = '/connect/disconnect';

/** The overview. */
export const OVERVIEW_PATH = '/';

/** The search; below it, each event by its organisation and key. */
export const EVENTS_PATH = '/events';

export const DEAD_LETTERS_PATH = '/failed';

export const QUARANTINE_PATH = '/quarantine';

/** What no webhook has told; below it, each backfill by its id. */
export const BACKFILL_PATH = '/backfill';

export const HANDLERS_PATH = '/handlers';

/** The page that begins a session, and where the form goes that ends it. */
export const LOGIN_PATH = '/login';
export const LOGOUT_PATH = '/logout';

/** Where the form goes that erases all that is stored of an organisation. */
export const FORGET_PATH = '/connect/forget';

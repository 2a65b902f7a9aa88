/**
 * The Lua functions that write a record, to be put before a script that calls them. Its keys of an event are those of
 * `noteKeys`.
 */
export const NOTE_FUNCTIONS = new URL('note.lua', import.meta.url);

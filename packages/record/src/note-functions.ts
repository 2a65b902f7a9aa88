/**
 * The Lua functions that write a record, to be put before a script that calls them. They take what `recordsRoot` gives.
 */
export const NOTE_FUNCTIONS = new URL('note.lua', import.meta.url);

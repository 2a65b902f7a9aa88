/** How many events this process is handling, and how many it can handle at once. */
export type Occupancy = { readonly active: number; readonly capacity: number };

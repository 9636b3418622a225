/** A challenge that this browser could not solve. Apart from what solves one: nearly nobody needs that. */
export class Unsolved extends Error {}

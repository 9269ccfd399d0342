/**
 * The driver of a browser has gone or is silent. Nothing is known of the page then, good or bad: what was being tested can
 * be begun again in another browser. Whatever the page or the driver says, also that a script took too long, is not this.
 */
export class Unanswered extends Error {}

/** Methods of the labels that can be cancelled and tell how far they are. */
export const LONG = /** @type {const} */ (['tidy']);

/** The sentence that must be typed to accept a compliance lock, which nobody can undo after its grace time. */
export const IRREVERSIBLE = 'I accept that this lock can never be removed'

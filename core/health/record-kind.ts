/** Kind of a record of the health, and the writer of their chain. */
export const HEALTH_CHECK = 'health-check'

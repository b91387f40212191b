export { parsePolicy, PolicyError } from './parse'
export { policySchema, type Policy } from './schema'

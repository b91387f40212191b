import { types } from 'node:util'

/**
 * Jest runs tests in a realm of its own, where the errors of Node's sockets are no `Error`, and the SDK then hides their
 * name and code. Outside of Jest there is one realm; this makes `instanceof Error` behave as there.
 */
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    return this === Error ? types.isNativeError(value) : Function.prototype[Symbol.hasInstance].call(this, value)
  },
})

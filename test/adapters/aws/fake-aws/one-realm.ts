import { types } from 'node:util'

/**
 * Makes `instanceof Error` behave as outside of Jest, where there is one realm. Jest runs tests in a realm of its own, where the errors of Node's sockets are no `Error`, and the SDK then hides their
 * name and code.
 */
export function useOneRealm(): void {
  Object.defineProperty(Error, Symbol.hasInstance, {
    configurable: true,
    value(this: unknown, value: unknown): boolean {
      return this === Error ? types.isNativeError(value) : Function.prototype[Symbol.hasInstance].call(this, value)
    },
  })
}

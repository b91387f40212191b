/** The contracts of the ports on AWS adapters against emulators; started by `npm run test:emulator`, which starts those too. */
module.exports = {
  ...require('./jest.config.cjs'),
  testMatch: ['**/*.emulator.ts'],
  // A call that nobody answers takes as long as the adapters wait for AWS.
  testTimeout: 60_000,
}

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // A module of the newer kind, which this runner cannot load as it is.
  transformIgnorePatterns: ['/node_modules/(?!hyparquet/)'],
  transform: {
    '^.+\\.ts$|/node_modules/hyparquet/.+\\.js$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs', ignoreDynamic: false },
      },
    ],
  },
  setupFiles: ['<rootDir>/test/setup/environment.ts'],
  randomize: true,
  // No test measures how fast this machine is; five seconds are too few where it is busy.
  testTimeout: 20_000,
  maxWorkers: 2,
  // What suites leave behind in a worker adds up: 3.7 GB after some 340 of them, where V8 ends a process at 4.3.
  workerIdleMemoryLimit: '1500MB',
}

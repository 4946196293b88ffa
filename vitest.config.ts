import { defineConfig } from 'vitest/config';

// Tests run from source: the development condition comes first, so nothing has to be built for them.
// Not `module`, which Node itself does not know: behind it packages keep what only a bundler can load.
const conditions = ['@modelport/source', 'node', 'development|production'];

/** One test project: what it includes, and whether it needs more than the defaults. */
function project(name: string, include: string[], more: object = {}) {
  return { extends: true as const, test: { name, include, ...more } };
}

export default defineConfig({
  ssr: { resolve: { conditions } },
  oxc: { decorator: { legacy: true } },
  test: {
    // Quiet while green: failures and the sum.
    reporters: ['minimal'],
    silent: 'passed-only',
    setupFiles: ['./test/no-canary-in-output.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      project('plugin-api', ['plugin-api/{src,test}/**/*.test.ts', 'plugin-api/testing/{src,test}/**/*.test.ts']),
      project('host', ['host/{src,test}/**/*.test.ts']),
      project('plugins', ['plugins/*/{src,test}/**/*.test.ts']),
      project('across', ['test/*.test.ts', 'test/{ai-sdk,architecture,bench,conformance,docs,flow,faults,cli}/**/*.test.ts']),
      project('registry', ['test/registry/**/*.test.ts'], { globalSetup: ['test/registry/global-setup.ts'], testTimeout: 180_000, hookTimeout: 300_000, fileParallelism: false }),
      project('types', [], { typecheck: { enabled: true, only: true, include: ['test/types/**/*.test-d.ts'], tsconfig: 'test/tsconfig.json' } }),
    ],
  },
});

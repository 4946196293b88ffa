#!/usr/bin/env node
// The command `modelport`. It imports nothing at the top: a Node that is too old gets a sentence instead of a stack.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`modelport needs Node 22.19 or newer and this is Node ${process.versions.node}: install a newer one from https://nodejs.org, or run \`npx -y -p node@24 -p @modelport/host modelport\`.\n`);
  process.exitCode = 2;
} else {
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
  const { main } = await import('../dist/cli/main.js').catch((error) => {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('main.js')) throw error;
    process.stderr.write('modelport is not built: run `npx -y pnpm@12 build` in its checkout.\n');
    process.exit(2);
  });
  await main(process.argv.slice(2));
}

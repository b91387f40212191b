#!/usr/bin/env node
// Runs the operator CLI straight from its TypeScript sources, so that `npx recovery` works right after `npm ci`.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
// The whole loader, not `tsx/cjs`: commands are loaded on demand by import(), which only the module loader resolves.
void import('tsx').then(() => require('../cli/main.ts'))

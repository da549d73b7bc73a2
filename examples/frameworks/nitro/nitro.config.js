import { defineNitroConfig } from 'nitropack/config';

/** The preset `node` makes a listener for a server of one's own: server.js. */
export default defineNitroConfig({ preset: 'node', compatibilityDate: '2026-11-01' });

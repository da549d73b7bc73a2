/**
 * The package for `import`: the three classes by name, and no default export.
 */
import io from './index.js';

export const { Server, Namespace, Socket } = io;

/** At this path for applications that import types by it. */
export { Namespace } from '../types';
export type { ExtendedError } from '../types';

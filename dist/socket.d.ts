/** At this path for applications that import types by it. */
export { Socket } from '../types';
export type { Event } from '../types';

/** At this path for applications that import types by it. */
export * from '../types/parent-namespace';

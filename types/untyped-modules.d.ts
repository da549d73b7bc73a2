/**
 * The dependencies that come without types, for the check of lib/.
 */
declare module 'accepts';
declare module 'debug';

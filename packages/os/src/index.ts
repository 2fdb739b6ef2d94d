export type { OsErrorCode } from './errors.ts';
export type { HintAnswer, LibraryHint } from './hints/libraryHint.ts';
export { libraryHintRegistry } from './hints/libraryHintRegistry.ts';
export type { PatriciaPreimages } from './hints/patriciaHints.ts';
export { libraryModule } from './library.ts';

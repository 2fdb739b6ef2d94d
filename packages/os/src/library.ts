import type { ModuleSource } from '@cairn/cairo';
import { LIBRARY_SOURCES } from './generated/library.ts';

/** The library module of that dotted name, such as `starkware.cairo.common.alloc`; undefined when there is none. */
export function libraryModule(name: string): ModuleSource | undefined {
  const source = Object.hasOwn(LIBRARY_SOURCES, name) ? LIBRARY_SOURCES[name] : undefined;
  return source === undefined ? undefined : { path: `${name.replaceAll('.', '/')}.cairo`, source };
}

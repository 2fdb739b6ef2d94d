import { describe, expect, it } from 'vitest';
import { LIBRARY_SOURCES } from './generated/library.ts';
import { libraryModule } from './library.ts';
import { compileJson } from './testing/runZero.ts';

describe('the Cairo Zero library', () => {
  const modules = Object.keys(LIBRARY_SOURCES).filter((name) => name !== 'cairn.os.main');
  it.each(modules)('%s compiles', (module) => {
    const source = LIBRARY_SOURCES[module]!;
    const names = [...source.matchAll(/^(?:func|struct|const|namespace) (\w+)/gm)].map(([, name]) => name);
    const main =
      names.length === 0 ? '' : `from ${module} import ${names.map((n, i) => `${n} as n${i}`).join(', ')}\n`;
    expect(() => compileJson(`${main}\nfunc main() {\n    return ();\n}\n`, libraryModule)).not.toThrow();
  });
  it('has no module of an unknown name', () => {
    expect(libraryModule('starkware.cairo.common.nothing')).toBeUndefined();
    expect(libraryModule('toString')).toBeUndefined();
  });
});

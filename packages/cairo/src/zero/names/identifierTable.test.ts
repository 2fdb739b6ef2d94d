import { describe, expect, it } from 'vitest';
import type { Definition } from './definition.ts';
import { IdentifierTable, type NameLookup } from './identifierTable.ts';

const value = (n: number): Definition => ({ kind: 'const', value: BigInt(n) });
const alias = (destination: string): Definition => ({ kind: 'alias', destination });

function tableOf(definitions: Record<string, Definition>): IdentifierTable {
  const table = new IdentifierTable();
  for (const [name, definition] of Object.entries(definitions)) table.define(name, definition);
  return table;
}

/** Full name and rest of what was found, or the problem. */
function spelled(lookup: NameLookup): string {
  return 'problem' in lookup ? lookup.problem : `${lookup.fullName} ${lookup.rest.join('.')}`.trim();
}

describe('IdentifierTable', () => {
  const table = tableOf({
    'm.x': value(1),
    'm.f.x': value(2),
    'm.f.y': value(3),
    'm.g': alias('n.h'),
    'n.h': value(4),
    'n.h.inner': value(5),
    'm.broken': alias('n.missing'),
    'm.a': alias('m.b'),
    'm.b': alias('m.a'),
  });

  it.each([
    [['m', 'm.f'], 'x', 'm.f.x'],
    [['m'], 'x', 'm.x'],
    [['m', 'm.f'], 'g', 'n.h'],
    [['m'], 'g.inner', 'n.h.inner'],
    [['m'], 'g.other', "Alias resolution failed: m.g.other -> n.h.other. Unknown identifier 'n.h.other'."],
    [['m'], 'x.y.z', 'm.x y.z'],
    [['m', 'm.f'], 'z', "Unknown identifier 'z'."],
    [['m'], 'f', "Expected 'm.f' to be an identifier, found a scope name."],
    [['m'], 'broken', "Alias resolution failed: m.broken -> n.missing. Unknown identifier 'n.missing'."],
    [['m'], 'a', 'Cyclic aliasing detected: m.a -> m.b -> m.a'],
    [['m', 'm.f'], 'f.q', "Unknown identifier 'm.f.q'."],
  ])('from %j finds %s as %s', (scopes, name, expected) => {
    expect(spelled(table.search(scopes, name))).toBe(expected);
  });

  it('knows scopes, through aliases too', () => {
    expect(['m', 'm.f', 'm.g', 'm.a', 'm.x', 'q'].map((name) => table.hasScope(name))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('lists everything but what is left out', () => {
    const names = [...table.entries(new Set(['m.f', 'n.h']))].map(([name]) => name);
    expect(names.sort()).toEqual(['m.a', 'm.b', 'm.broken', 'm.g', 'm.x']);
  });

  it('takes back what a trial defined', () => {
    const trial = tableOf({ 'm.x': value(1) });
    trial.startTrial();
    trial.define('m.x', value(2));
    trial.define('m.x', value(3));
    trial.define('m.y', value(4));
    trial.endTrial(false);
    expect(trial.get('m.x')).toEqual(value(1));
    expect(trial.get('m.y')).toBeUndefined();
    trial.startTrial();
    trial.define('m.y', value(5));
    trial.endTrial(true);
    expect(trial.get('m.y')).toEqual(value(5));
  });
});

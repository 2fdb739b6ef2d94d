/** What {@link writeJson} writes; integers of any size. A map keeps its order, an object is sorted by name. */
export type JsonValue =
  | string
  | number
  | bigint
  | null
  | readonly JsonValue[]
  | ReadonlyMap<string, JsonValue>
  | { readonly [name: string]: JsonValue };

const INDENT = '    ';

/** JSON laid out as the ecosystem's tools do it: four blanks a level, sorted names, ASCII only, a final newline. */
export function writeJson(value: JsonValue): string {
  const parts: string[] = [];
  write(value, '\n', parts);
  return `${parts.join('')}\n`;
}

function write(value: JsonValue, lineBreak: string, parts: string[]): void {
  if (value === null || typeof value !== 'object') {
    parts.push(typeof value === 'string' ? quote(value) : String(value));
    return;
  }
  const inner = lineBreak + INDENT;
  if (Array.isArray(value)) {
    writeItems(value, '[]', lineBreak, parts, (item: JsonValue) => write(item, inner, parts));
    return;
  }
  const entries =
    value instanceof Map ? [...value] : Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  writeItems(entries, '{}', lineBreak, parts, ([name, item]: [string, JsonValue]) => {
    parts.push(quote(name), ': ');
    write(item, inner, parts);
  });
}

function writeItems<T>(
  items: readonly T[],
  brackets: string,
  lineBreak: string,
  parts: string[],
  writeItem: (item: T) => void,
): void {
  if (items.length === 0) {
    parts.push(brackets);
    return;
  }
  parts.push(brackets[0]!);
  for (const [i, item] of items.entries()) {
    parts.push(i === 0 ? '' : ',', lineBreak, INDENT);
    writeItem(item);
  }
  parts.push(lineBreak, brackets[1]!);
}

function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

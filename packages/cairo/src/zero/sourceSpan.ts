/** One Cairo Zero file: its name as messages show it and its text, lines ending with `\n`. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** A place through which another was reached, what was being done there, and the places further in. */
export interface SpanTrail {
  readonly span: SourceSpan;
  readonly message: string;
  readonly inner: SpanTrail | undefined;
}

/** A piece of a file, as offsets into its text; `trail` where it was reached through others, the outermost first. */
export interface SourceSpan {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  readonly trail?: SpanTrail | undefined;
}

/** Line and column, from 1, of both ends of a span. */
export interface SpanPosition {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** The span from the start of `first` to the end of `last`. */
export function joinSpans(first: SourceSpan, last: SourceSpan): SourceSpan {
  return { ...first, end: last.end };
}

/** `span`, reached through `outer`: put above everything that `span` was reached through already. */
export function reachedFrom(span: SourceSpan, outer: SourceSpan, message: string): SourceSpan {
  const { file, start, end } = span;
  const trail = { span: outer, message, inner: span.trail };
  return { file, start, end, trail: outer.trail === undefined ? trail : above(outer.trail, trail) };
}

function above(trail: SpanTrail, inner: SpanTrail): SpanTrail {
  return { ...trail, inner: trail.inner === undefined ? inner : above(trail.inner, inner) };
}

/** The outermost place a span was reached through, the span itself if there is none. */
export function outermost(span: SourceSpan): SourceSpan {
  return span.trail?.span ?? span;
}

/** Where a span lies in its file. */
export function spanPosition({ file, start, end }: SourceSpan): SpanPosition {
  const [line, column] = lineAndColumn(file.text, start);
  const [endLine, endColumn] = lineAndColumn(file.text, end);
  return { line, column, endLine, endColumn };
}

function lineAndColumn(text: string, offset: number): [number, number] {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return [line, offset - lineStart + 1];
}

/** `file:line:column: message`, the line itself, and a mark under the span; before it all it was reached through. */
export function describeSpan(span: SourceSpan, message: string): string {
  const places: string[] = [];
  for (let trail = span.trail; trail !== undefined; trail = trail.inner)
    places.push(describePlace(trail.span, trail.message));
  return [...places, describePlace(span, message)].join('\n');
}

function describePlace(span: SourceSpan, message: string): string {
  const { line, column, endLine, endColumn } = spanPosition(span);
  const text = span.file.text.split('\n')[line - 1] ?? '';
  const width = (endLine === line ? endColumn : text.length + 1) - column;
  const mark = width > 1 ? `^${'*'.repeat(width - 2)}^` : '^';
  const colon = message === '' ? '' : ': ';
  return `${span.file.name}:${line}:${column}${colon}${message}\n${text}\n${' '.repeat(column - 1)}${mark}`;
}

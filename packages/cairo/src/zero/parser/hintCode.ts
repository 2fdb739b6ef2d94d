/** The code between `%{` and `%}`: blank lines before it, the common indentation and blanks at its end removed. */
export function hintCode(text: string): string {
  const code = text
    .slice(2, -2)
    .replace(/^([ \t]*\n)*/, '')
    .trimEnd();
  const lines = code.split('\n');
  const indents = lines.filter((line) => line !== '').map((line) => /^ */.exec(line)![0].length);
  const common = indents.length === 0 ? 0 : Math.min(...indents);
  return lines.map((line) => line.slice(common)).join('\n');
}

const LONG_INTEGER = /[:[,\s]-?\d{16,}\s*[,\]}]/;
const TEXT_OR_LONG_INTEGER = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/** JSON in which integers that a number cannot hold become texts: amounts come so from some clients. @throws SyntaxError */
export function parseJson(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  JSON.parse(text); // only what is JSON as it stands
  return JSON.parse(text.replace(TEXT_OR_LONG_INTEGER, (found) => (found[0] === '"' ? found : `"${found}"`)));
}

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';

export const VECTORS = fileURLToPath(new URL('../../../../shared/vectors/', import.meta.url));
const DOCUMENTS = [
  'starknet_api_openrpc',
  'starknet_write_api',
  'starknet_trace_api_openrpc',
  'starknet_executables',
  'starknet_ws_api',
];
/** False where the documents are absent. */
export const present = existsSync(`${VECTORS}openrpc/${DOCUMENTS[0]}.json`);
if (!present) console.warn(`skipped: no OpenRPC documents in ${VECTORS}openrpc`);

/** A method as a document declares it. */
export interface OpenRpcMethod {
  document: string;
  name: string;
  params: { name: string; required?: boolean; schema: unknown }[];
  result: { schema: unknown } | null;
  errors?: { $ref: string }[];
}

/**
 * Makes the documents' schemas strict JSON schemas: a field that no branch names is an error. `oneOf` becomes
 * `anyOf`, for a closed block is by the documents' own text a pre-confirmed one too. Slips of the documents
 * are put right: a wrapper `schema`, `required` as text, and the pattern of STORAGE_KEY, which refuses every key
 * whose first digit is 8 or more.
 */
function strict(node: any, document: string, isBranch = false): any {
  if (typeof node !== 'object' || node === null) return node;
  if (node.schema) return strict(node.schema, document, isBranch);
  if (node.$comment?.startsWith('A storage key'))
    return { $ref: 'https://spec/starknet_api_openrpc#/components/schemas/FELT' };
  const out: any = {};
  for (const [key, value] of Object.entries<any>(node)) {
    if (key === 'allOf') out.allOf = value.map((v: any) => strict(v, document, true));
    else if (key === 'anyOf' || key === 'oneOf') out.anyOf = value.map((v: any) => strict(v, document, true));
    else if (key === 'properties')
      out.properties = Object.fromEntries(Object.entries(value).map(([k, v]) => [k, strict(v, document)]));
    else if (key === 'items' || key === 'not') out[key] = strict(value, document, key === 'not');
    else if (key === 'required') out.required = [value].flat();
    else if (key === '$ref') {
      const [file, pointer] = value.split('#');
      out.$ref = `https://spec/${file ? file.replace(/^.*\//, '').replace('.json', '') : document}#${pointer}`;
    } else if (['type', 'enum', 'pattern', 'minimum', 'minItems', 'maxItems'].includes(key)) out[key] = value;
  }
  if (!isBranch && (out.properties || out.allOf || out.anyOf || out.$ref)) out.unevaluatedProperties = false;
  return out;
}

const ajv = new Ajv2019({ strict: false, allErrors: false });
/** Methods and notifications of all documents by name. */
export const openRpcMethods = new Map<string, OpenRpcMethod>();
/** Errors of all documents by name. */
export const openRpcErrors: Record<string, { code: number; message: string }> = {};
for (const document of present ? DOCUMENTS : []) {
  const json = JSON.parse(readFileSync(`${VECTORS}openrpc/${document}.json`, 'utf8'));
  const schemas = Object.fromEntries(
    Object.entries(json.components.schemas).map(([name, schema]) => [name, strict(schema, document, true)]),
  );
  ajv.addSchema({ $id: `https://spec/${document}`, components: { schemas } } as any);
  for (const method of json.methods) openRpcMethods.set(method.name, { ...method, document });
  for (const [name, error] of Object.entries<any>(json.components.errors ?? {})) {
    if (error.code) openRpcErrors[name] = error;
  }
}

const validators = new Map<unknown, ReturnType<typeof ajv.compile>>();

/** What a schema of a document has against a value; empty when it accepts it. */
export function faults(schema: unknown, document: string, value: unknown): unknown[] {
  const validate = validators.get(schema) ?? ajv.compile(strict(schema, document));
  validators.set(schema, validate);
  return validate(value) ? [] : [...validate.errors!];
}

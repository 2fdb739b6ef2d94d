import { CairnError } from '@cairn/primitives';
import type { RpcErrorCode } from '../errors.ts';
import type { Method, Parameter } from '../method.ts';

/**
 * The parsed parameters of a call, by name. A list binds in order, an object by name; names the method does
 * not know are ignored.
 * @throws CairnError `INVALID_PARAMS`
 */
export function bindParameters(method: Method, params: unknown): Record<string, unknown> {
  const descriptors = Object.entries(method.parameters);
  if (Array.isArray(params) && params.length > descriptors.length) {
    const names = descriptors.map(([name]) => name).join(', ') || 'none';
    throw invalid(
      `too many parameters of ${method.name}: got ${params.length}, expected at most ${descriptors.length} (${names})`,
    );
  }
  const bound: Record<string, unknown> = {};
  descriptors.forEach(([name, parameter], position) => {
    bound[name] = parse(method, name, parameter, givenValue(params, name, position));
  });
  return bound;
}

function givenValue(params: unknown, name: string, position: number): unknown {
  if (Array.isArray(params)) return params[position];
  const named = (params ?? {}) as Record<string, unknown>;
  return Object.hasOwn(named, name) ? named[name] : undefined;
}

function parse(method: Method, name: string, parameter: Parameter, value: unknown): unknown {
  if (value !== undefined && (value !== null || parameter.required)) return parameter.parse(value, name);
  if (parameter.required) throw invalid(`missing parameter ${name} of ${method.name}`);
  return parameter.fallback;
}

function invalid(message: string): CairnError<RpcErrorCode> {
  return new CairnError('INVALID_PARAMS', message);
}

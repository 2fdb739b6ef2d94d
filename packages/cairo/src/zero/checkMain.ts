import type { CompiledZeroProgram } from './compiledProgram.ts';
import { IMPLICIT_PARAMETERS, PARAMETERS, RETURN_TYPE } from './names/definition.ts';
import { zeroError } from './zeroError.ts';

/**
 * Checks that `main`, if there is one, takes and returns the pointers of the program's builtins, in their order.
 * @throws CairnError `ZERO_MAIN`
 */
export function checkMain({ builtins, identifiers, mainScope }: CompiledZeroProgram): void {
  const expected = builtins.map((name) => `${name}_ptr`);
  const parametersOf = (suffix: string) => {
    const definition = identifiers.get(`${mainScope}.main.${suffix}`);
    return definition?.kind === 'struct' ? definition : undefined;
  };
  const implicit = parametersOf(IMPLICIT_PARAMETERS);
  const parameters = parametersOf(PARAMETERS);
  const returned = identifiers.get(`${mainScope}.main.${RETURN_TYPE}`);
  if (implicit === undefined || parameters === undefined || returned?.kind !== 'type_definition') return;
  const check = (what: string, names: readonly (string | undefined)[]) => {
    if (names.length === expected.length && names.every((name, i) => name === expected[i])) return;
    const problem = `Expected main to ${what} [${expected.join(', ')}], in this order. Found: [${names.join(', ')}].`;
    throw zeroError('ZERO_MAIN', problem, implicit.span);
  };
  const implicitNames = [...implicit.members.keys()];
  check('take the arguments', [...implicitNames, ...parameters.members.keys()]);
  if (returned.type.kind !== 'tuple' || returned.type.members.some(({ name }) => name === undefined))
    throw zeroError(
      'ZERO_MAIN',
      'The return values of main() must be a tuple with names.',
      returned.type.span,
    );
  check('return', [...implicitNames, ...returned.type.members.map(({ name }) => name)]);
}

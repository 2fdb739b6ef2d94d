import { type LibfuncTester, way } from '../libfuncTester.ts';
import { type CompiledFunction, compileFunction, type SierraValue } from '../runSierra.ts';
import { type FunctionBuilder, SierraBuilder, type Variable } from '../sierraBuilder.ts';

const U96 = 'BoundedInt<0, 79228162514264337593543950335>';
const LIMBS = `Struct<user@Tuple, ${Array(4).fill(U96).join(', ')}>`;
const U384 = `Struct<user@core::circuit::u384, ${Array(4).fill(U96).join(', ')}>`;
const GUARANTEES = `Struct<user@Tuple, ${Array(4).fill('U96Guarantee').join(', ')}>`;
const [IN0, IN1] = ['CircuitInput<0>', 'CircuitInput<1>'];
/** (in0 + in1) · in0⁻¹ and its difference from in1. */
const PRODUCT = `MulModGate<AddModGate<${IN0}, ${IN1}>, InverseGate<${IN0}>>`;
const DIFFERENCE = `SubModGate<${PRODUCT}, ${IN1}>`;
const CIRCUIT = `Circuit<Struct<user@Tuple, ${PRODUCT}, ${DIFFERENCE}>>`;
const [ZERO, ONE] = ['BoundedInt<0, 0>', 'BoundedInt<1, 1>'];

const limbs = (x: bigint) => Array.from({ length: 4 }, (_, i) => (x >> BigInt(96 * i)) % 2n ** 96n);
const number = (list: readonly bigint[]) => list.reduceRight((value, limb) => (value << 96n) + limb, 0n);

/** Function 0: takes range_check96 and a guarantee that four limbs are below others, and settles it. */
function addVerifier(builder: SierraBuilder): void {
  builder.addFunction(['RangeCheck96', 'U96LimbsLtGuarantee<4>'], (f, rc96, guarantee) => {
    const settle = (proof: Variable) => f.ret(...f.call('u96_guarantee_verify', rc96!, ...f.store(proof)));
    const descend = (count: number, rest: Variable) => {
      if (count === 1) settle(f.call('u96_single_limb_less_than_guarantee_verify', rest)[0]!);
      else
        f.branch(
          `u96_limbs_less_than_guarantee_verify<${count}>`,
          [rest],
          (next) => descend(count - 1, next),
          (proof) => settle(proof),
        );
    };
    descend(4, guarantee!);
  });
}

function verify(f: FunctionBuilder, rc96: Variable, guarantee: Variable): Variable {
  const [next, leaf] = f.call('function_call<fn@0>', ...f.store(rc96, guarantee));
  f.drop(leaf!);
  return next!;
}

function compileCircuit(): { builder: SierraBuilder; compiled: CompiledFunction } {
  const builder = new SierraBuilder();
  addVerifier(builder);
  const id = builder.addFunction(
    ['RangeCheck96', 'AddMod', 'MulMod', LIMBS, LIMBS, LIMBS],
    (f, rc96, add, mul, a, b, m) => {
      // Guarantees are settled behind calls, which move ap by an unknown amount.
      const places = {
        add: f.call('alloc_local<AddMod>')[0]!,
        mul: f.call('alloc_local<MulMod>')[0]!,
        product: f.call(`alloc_local<${U384}>`)[0]!,
        difference: f.call(`alloc_local<${U384}>`)[0]!,
        second: f.call('alloc_local<U96LimbsLtGuarantee<4>>')[0]!,
      };
      f.call('finalize_locals');
      const guaranteed = (list: Variable) => {
        const parts = f.call(`struct_deconstruct<${LIMBS}>`, list);
        const proofs = parts.map((part) => f.call(`into_u96_guarantee<${U96}>`, part)[0]!);
        return f.store(...f.call(`struct_construct<${GUARANTEES}>`, ...proofs))[0]!;
      };
      const [start, empty] = f.call(`init_circuit_data<${CIRCUIT}>`, rc96!);
      const first = guaranteed(a!);
      f.branch(
        `add_circuit_input<${CIRCUIT}>`,
        [...f.store(empty!), first],
        (data) => {
          f.drop(data, b!, m!, ...Object.values(places));
          f.ret(start!, add!, mul!);
        },
        (filled) =>
          f.branch(
            `add_circuit_input<${CIRCUIT}>`,
            [...f.store(filled), guaranteed(b!)],
            (data) => evaluate(data),
            (rest) => {
              f.drop(rest, m!, ...Object.values(places));
              f.ret(start!, add!, mul!);
            },
          ),
      );

      function evaluate(data: Variable): void {
        f.branch(
          'try_into_circuit_modulus',
          [m!],
          (modulus) => {
            const [descriptor] = f.store(...f.call(`get_circuit_descriptor<${CIRCUIT}>`));
            const [zero, one] = [f.constant(ZERO!, 0), f.constant(ONE!, 1)];
            f.branch(
              `eval_circuit<${CIRCUIT}>`,
              [add!, mul!, descriptor!, ...f.store(data), modulus, zero, one],
              (nextAdd, nextMul, outputs) => {
                const [again, last] = f.dup(outputs);
                const [keptAdd] = f.call('store_local<AddMod>', places.add, ...f.store(nextAdd));
                const [keptMul] = f.call('store_local<MulMod>', places.mul, ...f.store(nextMul));
                const [product, proof1] = f.call(`get_circuit_output<${CIRCUIT}, ${PRODUCT}>`, again);
                const [difference, proof2] = f.call(`get_circuit_output<${CIRCUIT}, ${DIFFERENCE}>`, last);
                const [kept1] = f.call(`store_local<${U384}>`, places.product, product!);
                const [kept2] = f.call(`store_local<${U384}>`, places.difference, difference!);
                const [later] = f.call('store_local<U96LimbsLtGuarantee<4>>', places.second, proof2!);
                const checked = verify(f, verify(f, start!, proof1!), later!);
                f.ret(checked, keptAdd!, keptMul!, kept1!, kept2!);
              },
              (nextAdd, nextMul, partial, failure) => {
                f.drop(partial, places.product, places.difference, places.second);
                const [keptAdd] = f.call('store_local<AddMod>', places.add, ...f.store(nextAdd));
                const [next, lastMul, proof] = f.call(
                  'circuit_failure_guarantee_verify',
                  ...f.store(start!, nextMul, failure),
                  f.constant(ZERO!, 0),
                  f.constant(ONE!, 1),
                );
                const [keptMul] = f.call('store_local<MulMod>', places.mul, ...f.store(lastMul!));
                f.ret(verify(f, next!, proof!), keptAdd!, keptMul!);
              },
            );
          },
          () => {
            f.drop(data, ...Object.values(places));
            f.ret(start!, add!, mul!);
          },
        );
      }
    },
  );
  return { builder, compiled: compileFunction(builder.program, id) };
}

/** Arithmetic circuits modulo numbers of up to 384 bits. */
export function circuitCases(t: LibfuncTester): void {
  t.test('circuits of all gates against integers', (same) => {
    const { builder, compiled } = compileCircuit();
    const secp = 2n ** 256n - 2n ** 32n - 977n;
    const cases: [a: bigint, b: bigint, m: bigint][] = [
      [3n, 4n, 7n],
      [5n, 2n ** 255n, secp],
      [secp - 1n, secp - 2n, secp],
      [2n ** 383n, 1n, 2n ** 384n - 317n],
      [1n, 0n, 2n],
      [0n, 5n, 7n],
      [6n, 1n, 9n],
      [secp, 3n, secp],
      [1n, 1n, 0n],
      [1n, 1n, 1n],
    ];
    for (const [a, b, m] of cases) {
      const { values } = t.call(builder, compiled, [limbs(a), limbs(b), limbs(m)]);
      const [result] = values as [{ variant: number; value: SierraValue[] }];
      // Places of return: 0 and 4 cannot be reached, then the values, no inverse, a modulus below 2.
      const inverse = m < 2n ? undefined : inverseModulo(a, m);
      if (m < 2n) same(result, way(3)[0], `${a}, ${b} modulo ${m}`);
      else if (inverse === undefined) same(result, way(2)[0], `${a}, ${b} modulo ${m}`);
      else {
        const product = ((a + b) * inverse) % m;
        const difference = (((product - b) % m) + m) % m;
        same(result.variant, 1, `${a}, ${b} modulo ${m}`);
        same(
          result.value.map((list) => number(list as bigint[])),
          [product, difference],
          `${a}, ${b} modulo ${m}`,
        );
      }
    }
  });
}

function inverseModulo(x: bigint, n: bigint): bigint | undefined {
  let [r0, r1, t0, t1] = [n, x % n, 0n, 1n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1, t0, t1] = [r1, r0 - q * r1, t1, t0 - q * t1];
  }
  return r0 === 1n ? ((t0 % n) + n) % n : undefined;
}

import { type LibfuncTester, way } from '../libfuncTester.ts';
import { compileFunction } from '../runSierra.ts';
import { SierraBuilder, type Variable } from '../sierraBuilder.ts';

const START_GAS = 1_000_000n;

/** Calls, jumps, ap tracking, locals, copies, gas. */
export function controlCases(t: LibfuncTester): void {
  t.script(
    'dup, drop, rename, jump, revoke_ap_tracking, locals',
    ['felt252', 'felt252'],
    (f, a, b) => {
      const [place] = f.call('alloc_local<felt252>');
      const [boxed] = f.call('alloc_local<felt252>');
      f.call('finalize_locals');
      const [first, second] = f.dup(a!);
      f.drop(first);
      const [kept] = f.call('store_local<felt252>', place!, ...f.call('rename<felt252>', second));
      const [local] = f.call('store_local<felt252>', boxed!, b!);
      f.call('jump');
      f.call('revoke_ap_tracking');
      const [box] = f.store(...f.call('local_into_box<felt252>', local!));
      f.ret(kept!, ...f.call('unbox<felt252>', ...f.call('rename<Box<felt252>>', box!)));
    },
    [
      [5n, 6n],
      [0n, 1n],
    ],
    (a: bigint, b: bigint) => [a, b],
  );

  t.script(
    'disable_ap_tracking, enable_ap_tracking',
    ['felt252'],
    (f, a) => {
      f.call('disable_ap_tracking');
      f.call('enable_ap_tracking');
      f.call('revoke_ap_tracking');
      f.ret(a!);
    },
    [[5n]],
    (a: bigint) => [a],
  );

  t.test('function_call, coupon_buy, coupon_call, coupon_refund', (same) => {
    for (const call of ['function_call<fn@0>', 'coupon_call<fn@0>']) {
      const builder = new SierraBuilder();
      builder.addFunction(['felt252'], (f, x) => {
        const [a, b] = f.dup(x!);
        f.ret(...f.call('felt252_mul', a, b));
      });
      const main = builder.addFunction(['felt252'], (f, x) => {
        const [a, b] = f.dup(x!);
        const coupon = call.startsWith('coupon') ? f.call('coupon_buy<Coupon<fn@0>>') : [];
        const unused = call.startsWith('coupon') ? f.call('coupon_buy<Coupon<fn@0>>') : [];
        for (const one of unused) f.call('coupon_refund<Coupon<fn@0>>', one);
        const [square] = f.call(call, ...f.store(a), ...coupon);
        f.drop(b);
        f.ret(square!);
      });
      const compiled = compileFunction(builder.program, main);
      for (const x of [0n, 3n, 2n ** 64n]) same(t.call(builder, compiled, [x]).values, [x * x], call);
    }
  });

  t.test('withdraw_gas, redeposit_gas', (same) => {
    const builder = new SierraBuilder();
    const id = builder.addFunction(['RangeCheck', 'GasBuiltin', 'felt252'], (f, rc, gas, x) => {
      f.branch(
        'withdraw_gas',
        [rc!, gas!],
        (nextRc, left) =>
          f.branch(
            'felt252_is_zero',
            [x!],
            () => f.ret(nextRc, ...f.call('redeposit_gas', left)),
            (nonZero) => {
              let [value] = f.call('unwrap_non_zero<felt252>', nonZero) as [Variable];
              for (let i = 0; i < 50; i++) {
                const [a, b] = f.dup(value);
                [value] = f.store(...f.call('felt252_mul', a, b)) as [Variable];
              }
              f.ret(nextRc, left, value);
            },
          ),
        (nextRc, left) => {
          f.drop(x!);
          f.ret(nextRc, left);
        },
      );
    });
    // What the caller pays beforehand is fixed, so that the withdrawal covers the rest.
    const entry = builder.program.functions[id]!.entryPoint;
    const compiled = compileFunction(builder.program, id, new Map([[entry, 3000]]));
    const run = (x: bigint, gas: bigint) => t.call(builder, compiled, [x], { gas });
    // The long way pays for its 50 products, the short way gets that part back, and without gas nothing is taken.
    const long = run(1n, START_GAS);
    const short = run(0n, START_GAS);
    same(long.values, way(1, 1n), 'the long way');
    same(short.values, way(0), 'the short way');
    same(START_GAS - long.gas! >= 2000n, true, 'the long way costs its steps');
    same(short.gas! - long.gas! >= 4000n, true, 'the short way gets gas back');
    const price = START_GAS - long.gas!;
    same(run(1n, price).gas, 0n, 'gas that just suffices');
    same(run(1n, price - 1n), { ...run(1n, price - 1n), values: way(2), gas: price - 1n }, 'too little gas');
    same(run(1n, 0n).values, way(2), 'no gas');
  });

  t.script(
    'get_builtin_costs, withdraw_gas_all',
    ['RangeCheck', 'GasBuiltin', 'Pedersen', 'felt252'],
    (f, rc, gas, hasher, x) => {
      const [costs] = f.store(...f.call('get_builtin_costs'));
      f.branch(
        'withdraw_gas_all',
        [rc!, gas!, costs!],
        (nextRc, left) => {
          const [a, b] = f.dup(x!);
          const [next, hash] = f.call('pedersen', hasher!, a, b);
          f.drop(hash!);
          f.ret(nextRc, left, next!);
        },
        (nextRc, left) => {
          f.drop(x!);
          f.ret(nextRc, left, hasher!);
        },
      );
    },
    [[5n]],
    () => way(0),
  );
  t.test('gas_reserve_create, gas_reserve_utilize', (same) => {
    const builder = new SierraBuilder();
    const id = builder.addFunction(['RangeCheck', 'GasBuiltin', 'u128'], (f, rc, gas, amount) =>
      f.branch(
        'gas_reserve_create',
        [rc!, gas!, amount!],
        (nextRc, left, reserve) => f.ret(nextRc, ...f.call('gas_reserve_utilize', ...f.store(left, reserve))),
        (nextRc, left) => f.ret(nextRc, left),
      ),
    );
    const compiled = compileFunction(builder.program, id);
    for (const [amount, place] of [
      [0n, 0],
      [START_GAS, 0],
      [START_GAS + 1n, 1],
      [2n ** 128n - 1n, 1],
    ] as const) {
      const { values, gas } = t.call(builder, compiled, [amount], { gas: START_GAS });
      same([values, gas], [way(place), START_GAS], `${amount}`);
    }
  });
}

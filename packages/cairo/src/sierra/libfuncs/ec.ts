import { feltDiv, STARK_CURVE } from '@cairn/primitives';
import type { CasmBuilder, Var } from '../../casm/casmBuilder.ts';
import { immediate } from '../../casm/cellExpression.ts';
import { preCost } from '../costToken.ts';
import {
  branching,
  built,
  type CallInput,
  type ConcreteLibfunc,
  deferred,
  fallthrough,
  goto,
  type LibfuncContext,
  type LibfuncTable,
  output,
  relabel,
  requireDeref,
  sameAs,
  straight,
  temp,
} from '../libfunc.ts';
import type { GenericArg } from '../program.ts';
import { noArgs } from '../typeContext.ts';
import { nonZeroOf } from './commonTypes.ts';
import { proveBelow } from './rangeReduction.ts';

function pointTypes({ types }: LibfuncContext, args: readonly GenericArg[]) {
  noArgs(args);
  const point = types.find('EcPoint');
  return {
    point,
    nonZero: () => nonZeroOf(types, point),
    felt: () => types.find('felt252'),
    state: () => types.find('EcState'),
  };
}

/** x³ + x + beta into `result`. */
function curveRight(
  b: CasmBuilder,
  x: Var,
  [square, cube, linear]: readonly [Var, Var, Var],
  result: Var,
): void {
  b.assert(square, b.mul(x, x));
  b.assert(cube, b.mul(square, x));
  b.assert(linear, b.add(x, b.constant(STARK_CURVE.beta)));
  b.assert(result, b.add(cube, linear));
}

/** The sum of (x0, y0) and a point with x coordinate x1 along the line of slope numerator / denominator. */
function addPoints(
  b: CasmBuilder,
  [x0, y0]: readonly [Var, Var],
  x1: Var,
  numerator: Var,
  denominator: Var,
): [Var, Var] {
  const slope = b.temp(b.div(numerator, denominator));
  const square = b.temp(b.mul(slope, slope));
  const sum = b.temp(b.add(x0, x1));
  const [xChange, yChange, x, y] = b.temps(4) as [Var, Var, Var, Var];
  b.assert(x, b.sub(square, sum));
  b.assert(xChange, b.sub(x0, x));
  b.assert(yChange, b.mul(slope, xChange));
  b.assert(y, b.sub(yChange, y0));
  return [x, y];
}

function coordinates(input: CallInput, param: number): [Var, Var] {
  return [input.deref(param, 0), input.deref(param, 1)];
}

function negate(type: number, context: LibfuncContext): ConcreteLibfunc {
  return built(
    straight([type], [output(type, deferred)]),
    (id) => context.types.size(id),
    (b, input) => {
      const [x, y] = coordinates(input, 0);
      return { ends: [fallthrough([x, b.mul(y, b.constant(-1))])] };
    },
  );
}

/** Points of the Stark curve; a state is a running sum that starts at a random point. */
export const ecLibfuncs: LibfuncTable = {
  ec_point_zero: (context, args) =>
    relabel(straight([], [output(pointTypes(context, args).point, deferred)]), () => [
      [immediate(0), immediate(0)],
    ]),
  ec_point_try_new_nz: (context, args) => {
    const { nonZero, felt } = pointTypes(context, args);
    const signature = branching([felt(), felt()], [[output(nonZero(), deferred)], []]);
    return built(
      signature,
      (id) => context.types.size(id),
      (b, input) => {
        const [x, y] = [input.deref(0), input.deref(1)];
        const [left, right, ...rest] = b.temps(5) as [Var, Var, Var, Var, Var];
        b.assert(left, b.mul(y, y));
        curveRight(b, x, rest, right);
        b.jumpIf('NotOnCurve', b.temp(b.sub(left, right)));
        return { ends: [fallthrough([x, y]), goto('NotOnCurve')] };
      },
    );
  },
  ec_point_from_x_nz: (context, args) => {
    const { types } = context;
    const { nonZero, felt } = pointTypes(context, args);
    const rangeCheckType = types.find('RangeCheck');
    const pointer = output(rangeCheckType, deferred);
    const signature = branching(
      [rangeCheckType, felt()],
      [[pointer, output(nonZero(), deferred)], [pointer]],
    );
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        const rangeCheck = input.buffer(0, 2);
        const x = input.deref(1);
        const start = b.copy(rangeCheck);
        const [right, ...rest] = b.temps(4) as [Var, Var, Var, Var];
        curveRight(b, x, rest, right);
        const y = b.temp();
        b.hint('FieldSqrt', { val: right }, { sqrt: y });
        const left = b.temp(b.mul(y, y));
        b.jumpIf('VerifyNotOnCurve', b.temp(b.sub(left, right)));
        b.jump('OnCurve');
        b.label('VerifyNotOnCurve');
        // 3 is no square, so y² = 3 · right proves that right is none.
        b.assert(left, b.mul(right, b.constant(3)));
        b.jump('NotOnCurve');
        b.label('OnCurve');
        proveBelow(b, feltDiv(1n, 2n), y, rangeCheck, 'u128', b.temps(4));
        return {
          ends: [fallthrough([rangeCheck], [x, y]), goto('NotOnCurve', [rangeCheck])],
          rangeCheck: [start, rangeCheck],
        };
      },
    );
  },
  ec_point_unwrap: (context, args) => {
    const { nonZero, felt } = pointTypes(context, args);
    const coordinate = output(felt(), deferred);
    return relabel(straight([nonZero()], [coordinate, coordinate]), ([cells]) =>
      cells!.map((cell) => [requireDeref(cell)]),
    );
  },
  ec_point_is_zero: (context, args) => {
    const { point, nonZero } = pointTypes(context, args);
    const signature = branching([point], [[], [output(nonZero(), sameAs(0))]], 'newVars');
    return built(
      signature,
      (id) => context.types.size(id),
      (b, input) => {
        const [x, y] = coordinates(input, 0);
        b.jumpIf('NotZero', y);
        return { ends: [fallthrough(), goto('NotZero', [x, y])] };
      },
    );
  },
  ec_neg: (context, args) => negate(pointTypes(context, args).point, context),
  ec_neg_nz: (context, args) => negate(pointTypes(context, args).nonZero(), context),
  ec_state_init: (context, args) => {
    const { state } = pointTypes(context, args);
    return built(
      straight([], [output(state(), temp(0))], 'other'),
      (id) => context.types.size(id),
      (b) => {
        const [ySquare, square, cube, linear, x, y, pointer] = b.temps(7) as [
          Var,
          Var,
          Var,
          Var,
          Var,
          Var,
          Var,
        ];
        b.hint('RandomEcPoint', {}, { x, y });
        b.hint('AllocConstantSize', { size: b.constant(2) }, { dst: pointer });
        b.assert(x, b.at(pointer, 0));
        b.assert(y, b.at(pointer, 1));
        b.assert(ySquare, b.mul(y, y));
        curveRight(b, x, [square, cube, linear], ySquare);
        return { ends: [fallthrough([x, y, pointer])] };
      },
    );
  },
  ec_state_add: (context, args) => {
    const { state, nonZero } = pointTypes(context, args);
    const signature = straight([state(), nonZero()], [output(state(), deferred)], 'other');
    return built(
      signature,
      (id) => context.types.size(id),
      (b, input) => {
        const [px, py] = coordinates(input, 1);
        const [sx, sy] = coordinates(input, 0);
        const random = input.deref(0, 2);
        const denominator = b.temp(b.sub(px, sx));
        b.jumpIf('NotSameX', denominator);
        b.fail();
        b.label('NotSameX');
        const numerator = b.temp(b.sub(py, sy));
        const sum = addPoints(b, [px, py], sx, numerator, denominator);
        return { ends: [fallthrough([...sum, random])] };
      },
    );
  },
  ec_state_try_finalize_nz: (context, args) => {
    const { state, nonZero } = pointTypes(context, args);
    const signature = branching([state()], [[output(nonZero(), temp(0))], []]);
    return built(
      signature,
      (id) => context.types.size(id),
      (b, input) => {
        const [x, y] = coordinates(input, 0);
        const random = input.deref(0, 2);
        const randomX = b.temp(b.at(random, 0));
        const randomY = b.temp(b.at(random, 1));
        const denominator = b.temp(b.sub(x, randomX));
        b.jumpIf('NotSameX', denominator);
        b.assert(y, randomY);
        b.jump('SumIsInfinity');
        b.label('NotSameX');
        // Subtracts the random point the state started with.
        const numerator = b.temp(b.add(y, randomY));
        const point = addPoints(b, [x, y], randomX, numerator, denominator);
        return { ends: [fallthrough(point), goto('SumIsInfinity')] };
      },
    );
  },
  ec_state_add_mul: (context, args) => {
    const { types } = context;
    const { state, nonZero, felt } = pointTypes(context, args);
    const builtin = types.find('EcOp');
    const signature = straight(
      [builtin, state(), felt(), nonZero()],
      [output(builtin, deferred), output(state(), deferred)],
    );
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        const pointer = input.buffer(0, 6);
        const [sx, sy] = coordinates(input, 1);
        const random = input.deref(1, 2);
        const [px, py] = coordinates(input, 3);
        b.write(pointer, sx, sy, px, py, input.deref(2));
        const x = b.next(pointer);
        const y = b.next(pointer);
        return { ends: [fallthrough([pointer], [x, y, random])] };
      },
      preCost({ ecOp: 1 }),
    );
  },
};

import { type AirBuilder, anyM31, type BusHandle, bit, type ColumnExpr, type PublicCell } from '@cairn/stark';
import { BLAKE_FIELDS, type CairoBuses, INSTRUCTION_FIELDS } from './buses.ts';
import { bitFrom } from './valueForm.ts';

/** Registers at both ends of a run; fp is the first ap, and the last fp. */
export interface BoundaryCells {
  readonly initialPc: PublicCell;
  readonly initialAp: PublicCell;
  readonly finalPc: PublicCell;
  readonly finalAp: PublicCell;
}

/** Instruction fields that are no bits. */
const OFFSET_FIELDS = 3;

/** The cells of the boundary; they come before those of other tables. */
export function declareBoundary(a: AirBuilder): BoundaryCells {
  return {
    initialPc: a.publicCell('initial pc'),
    initialAp: a.publicCell('initial ap'),
    finalPc: a.publicCell('final pc'),
    finalAp: a.publicCell('final ap'),
  };
}

/**
 * The run, one step per row in order; rows beyond it repeat the last step, a jump to itself. Every step reads three cells. A
 * sum of values that all fit 27 bits (`small`) is checked here; other sums and all products are looked up.
 */
export function declareCpu(
  a: AirBuilder,
  boundary: BoundaryCells,
  buses: CairoBuses,
  blake?: BusHandle,
): void {
  a.table('cpu', { logHeight: { min: 4, max: 24 }, padding: 'none' }, (t) => {
    const one = t.constant(1);
    const pc = t.free('pc', anyM31, { reason: 'bound by the step before' });
    const ap = t.free('ap', anyM31, { reason: 'bound by the step before' });
    const fp = t.free('fp', anyM31, { reason: 'bound by the step before' });
    const fields = INSTRUCTION_FIELDS.map((name, i) =>
      t.free(name, i < OFFSET_FIELDS ? anyM31 : bitFrom('decoded'), { reason: 'bound by the instruction' }),
    );
    const field = (name: (typeof INSTRUCTION_FIELDS)[number]): ColumnExpr =>
      fields[INSTRUCTION_FIELDS.indexOf(name)]!;
    const [imm, op1Fp, op1Ap] = [field('imm'), field('op1Fp'), field('op1Ap')];
    const [arithmetic, product] = [field('arithmetic'), field('product')];
    const [jumpAbs, jumpRel, jnz] = [field('jumpAbs'), field('jumpRel'), field('jnz')];
    const [apAdd, call, frame] = [field('apAdd'), field('call'), field('frame')];

    const idDst = t.free('id dst', anyM31, { reason: 'bound by memory' });
    const idOp0 = t.free('id op0', anyM31, { reason: 'bound by memory' });
    const idOp1 = t.free('id op1', anyM31, { reason: 'bound by memory' });
    const idRes = t.free('id res', anyM31, { reason: 'the operands or the operation say which value it is' });
    const dst = t.free('dst', anyM31, { reason: 'bound by its look-up where it is read' });
    const op0 = t.free('op0', anyM31, { reason: 'bound by its look-up where it is read' });
    const res = t.free('res', anyM31, { reason: 'bound by its look-up where it is read' });
    const small = t.free('small', bit, { reason: 'the prover may take the long way for any sum' });
    const taken = t.free('taken', bit, { reason: 'bound by the value of dst' });
    const inverse = t.free('inverse', anyM31, { reason: 'shows that dst is not 0 where a jnz is taken' });
    const readsRes = t.free('reads res', bit, { reason: 'bound by the kind of step' });

    const base = (isFp: ColumnExpr) => ap.add(isFp.mul(fp.sub(ap)));
    const deref = one.sub(imm).sub(op1Fp).sub(op1Ap);
    const op1Base = imm.mul(pc).add(op1Fp.mul(fp)).add(op1Ap.mul(ap)).add(deref.mul(op0));
    t.use('cell of dst', buses.memory, [base(field('dstFp')).add(field('offDst')), idDst], one);
    t.use('cell of op0', buses.memory, [base(field('op0Fp')).add(field('offOp0')), idOp0], one);
    t.use('cell of op1', buses.memory, [op1Base.add(field('offOp1')), idOp1], one);
    const blakeFields =
      blake === undefined
        ? []
        : BLAKE_FIELDS.map((name) =>
            t.free(name, bitFrom('decoded'), { reason: 'bound by the instruction' }),
          );
    t.use('instruction', buses.instruction, [pc, ...fields, ...blakeFields], one);
    t.use('value of dst', buses.signed, [idDst, dst], frame);

    t.assertZero('assert_eq', field('assertEq').mul(idRes.sub(idDst)));
    t.assertZero('plain result', one.sub(arithmetic).mul(idRes.sub(idOp1)));
    t.assertZero('small is a sum', small.mul(arithmetic.sub(product).sub(1)));
    t.use('operation', buses.operation, [product, idOp0, idOp1, idRes], arithmetic.mul(one.sub(small)));
    const either = (x: ColumnExpr, y: ColumnExpr) => one.sub(one.sub(x).mul(one.sub(y)));
    t.use('value of op0', buses.signed, [idOp0, op0], either(field('readsOp0'), small));
    t.use('value of res', buses.signed, [idRes, res], readsRes);
    t.use('value of op1', buses.signed, [idOp1, res.sub(op0)], small);
    const jumps = one.sub(one.sub(jumpAbs).sub(jumpRel).mul(one.sub(apAdd)));
    t.assertZero('res is read', readsRes.sub(jumps).sub(taken).sub(small));

    const [isBlake, finalize] = blakeFields;
    if (blake !== undefined && isBlake !== undefined && finalize !== undefined)
      t.use('compression', blake, [finalize, idDst, idOp0, idOp1, ap], isBlake);

    t.assertZero('taken is a jnz', taken.mul(one.sub(jnz)));
    t.assertZero('taken unless 0', jnz.mul(idDst).mul(one.sub(taken)));
    t.assertZero('not taken at 0', taken.mul(one.sub(idDst.mul(inverse))));

    const size = imm.add(1);
    t.assertZero('call saves fp', call.mul(dst.sub(fp)));
    t.assertZero('call saves pc', call.mul(op0.sub(pc).sub(size)));

    const more = one.sub(t.isLast);
    const nextPc = pc
      .add(size)
      .add(jumpAbs.mul(res.sub(pc).sub(size)))
      .add(jumpRel.add(taken).mul(res.sub(size)));
    const nextAp = ap.add(apAdd.mul(res)).add(field('apOne')).add(call.mul(2));
    const nextFp = fp.add(call.mul(ap.add(2).sub(fp))).add(frame.sub(call).mul(dst.sub(fp)));
    t.assertZero('next pc', more.mul(pc.next.sub(nextPc)));
    t.assertZero('next ap', more.mul(ap.next.sub(nextAp)));
    t.assertZero('next fp', more.mul(fp.next.sub(nextFp)));
    t.assertZero('first pc', t.isFirst.mul(pc.sub(t.publicValue(boundary.initialPc))));
    t.assertZero('first ap', t.isFirst.mul(ap.sub(t.publicValue(boundary.initialAp))));
    t.assertZero('first fp', t.isFirst.mul(fp.sub(t.publicValue(boundary.initialAp))));
    t.assertZero('last pc', t.isLast.mul(pc.sub(t.publicValue(boundary.finalPc))));
    t.assertZero('last ap', t.isLast.mul(ap.sub(t.publicValue(boundary.finalAp))));
    t.assertZero('last fp', t.isLast.mul(fp.sub(t.publicValue(boundary.initialAp))));
  });
}

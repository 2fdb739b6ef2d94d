// ECDSA on the Stark curve. A public key is the x of a point: a signature may be by either point with that x.
from starkware.cairo.common.bool import FALSE, TRUE
from starkware.cairo.common.cairo_builtins import EcOpBuiltin, SignatureBuiltin
from starkware.cairo.common.ec import StarkCurve, ec_add, ec_mul, ec_sub, is_x_on_curve, recover_y
from starkware.cairo.common.ec_point import EcPoint

// The prover knows a signature of the message; the builtin checks it.
func verify_ecdsa_signature{ecdsa_ptr: SignatureBuiltin*}(
    message, public_key, signature_r, signature_s
) {
    %{ cairn.signature.add %}
    assert ecdsa_ptr.message = message;
    assert ecdsa_ptr.pub_key = public_key;
    let ecdsa_ptr = ecdsa_ptr + SignatureBuiltin.SIZE;
    return ();
}

// Whether s R = z G +- r Q up to sign, for points R with x = r and Q with x = public_key. Both answers are proven.
func check_ecdsa_signature{ec_op_ptr: EcOpBuiltin*}(
    message, public_key, signature_r, signature_s
) -> (res: felt) {
    alloc_locals;
    if (signature_r == 0) {
        return (res=FALSE);
    }
    if (signature_s == 0) {
        return (res=FALSE);
    }
    let is_key = is_x_on_curve(public_key);
    if (is_key == 0) {
        return (res=FALSE);
    }
    let is_r = is_x_on_curve(signature_r);
    if (is_r == 0) {
        return (res=FALSE);
    }
    let (r_point) = recover_y(signature_r);
    let (local left) = ec_mul(m=signature_s, p=r_point);
    // s is a multiple of the order.
    if (left.y == 0) {
        return (res=FALSE);
    }
    let (local message_point) = ec_mul(
        m=message, p=EcPoint(x=StarkCurve.GEN_X, y=StarkCurve.GEN_Y)
    );
    let (q_point) = recover_y(public_key);
    let (local key_point) = ec_mul(m=signature_r, p=q_point);
    let (sum) = ec_add(p=message_point, q=key_point);
    if (sum.y != 0) {
        if (sum.x == left.x) {
            return (res=TRUE);
        }
    }
    let (difference) = ec_sub(p=message_point, q=key_point);
    if (difference.y != 0) {
        if (difference.x == left.x) {
            return (res=TRUE);
        }
    }
    return (res=FALSE);
}

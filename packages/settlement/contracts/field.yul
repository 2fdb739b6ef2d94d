// Arithmetic of QM31 in one word: put into the verifier and the constraint contracts by src/verifier/yulText.ts.
/// The same element with lanes below 2^31 + (bound / 2^31).
function fold(x) -> y {
  y := add(and(x, $LANES_31), and(shr(31, x), $LANES_32))
}
/// a·b for lanes below 2^36; the result's are below 2^31 + 2^28.
function multiply(a, b) -> y {
  let high := addmod(mulmod(and(shr(16, a), $LANES_20), b, $MODULUS), $OFFSET_HIGH, $MODULUS)
  high := add(and(high, $LANES_31), and(shr(31, high), $LANES_32))
  y := add(addmod(mulmod(and(a, $LANES_16), b, $MODULUS), $OFFSET_LOW, $MODULUS), shl(16, high))
  y := add(and(y, $LANES_31), and(shr(31, y), $LANES_32))
}

// The generic verifier of Cairn's circle STARKs (packages/stark/src/core/verifier is what it mirrors, check for check).
// Words that begin with $ are put in by src/verifier/emitCore.ts: constants of the AIR, the key and the parameters, and the
// addresses of everything held in memory.
//
// An element of QM31 is one word: its coordinates in the basis 1, u, u^2, u^3 (u^4 = 4u^2 - 5), in lanes of 63 bits.
// Lanes need not be reduced: "loose" means below 2^34, products take lanes below 2^36 and give lanes below 2^31 + 2^28.
object "StarkVerifier" {
  code {
    // The addresses of the constraint contracts, and of the statement's if there is one, follow the code; they are kept
    // behind the runtime's, which compares their code before it calls them.
    let argumentBytes := mul(32, $ADDRESS_COUNT)
    let runtimeBytes := datasize("runtime")
    datacopy(0, dataoffset("runtime"), runtimeBytes)
    codecopy(runtimeBytes, sub(codesize(), argumentBytes), argumentBytes)
    return(0, add(runtimeBytes, argumentBytes))
  }
  object "runtime" {
    code {
      if callvalue() { revert(0, 0) }
      switch shr(224, calldataload(0))
      case $SELECTOR_VERIFY {
        checkAllButQueries(1)
        checkQueries(mload($AT_QUERIES), 0, $QUERY_COUNT)
        mstore(0, 1)
        return(0, 32)
      }
      case $SELECTOR_BEGIN {
        checkAllButQueries(0)
        begin()
      }
      case $SELECTOR_PROCEED {
        datacopy($PLAN, dataoffset("plan"), $PLAN_BYTES)
        proceed()
      }
      case $SELECTOR_IS_PROVEN {
        mstore(0, sload(provenSlot(calldataload(4))))
        return(0, 32)
      }
      case $SELECTOR_KEY_DIGEST {
        mstore(0, $INITIAL_STATE)
        return(0, 32)
      }
      case $SELECTOR_AIR_DIGEST {
        mstore(0, $AIR_DIGEST)
        return(0, 32)
      }
      case $SELECTOR_PARAMETERS_DIGEST {
        mstore(0, $PARAMETERS_DIGEST)
        return(0, 32)
      }
      case $SELECTOR_CLAIMS { answerClaims() }
      default { revert(0, 0) }

      /// Everything about verify(bytes statement, bytes proof) or, without the proof's queries, begin(bytes statement, bytes
      /// head) but what rows are opened at queries.
      function checkAllButQueries(hasQueries) {
        datacopy($PLAN, dataoffset("plan"), $PLAN_BYTES)
        loadContracts()
        readCalldata()
        readPublicValues()
        readShape(hasQueries)
        checkUseCounts()
        replayTranscript()
        evaluateConstraints()
        checkLookupSum()
        checkConstraints()
        planQuotients()
      }

      // --------------------------------------------------------------------------------- several transactions

      // A proof that is too large for one transaction is verified in parts. begin checks all but the queries and remembers, under
      // the hash of everything that queries are checked with (the context: $CONTEXT to its end, challenges, caps, positions, the
      // plan of quotients and the statement's hash), that it has done so. proceed takes a context with such a hash and
      // some of the queries, which must not have been checked yet. With the last of them the statement is proven. Anyone may
      // begin and proceed; there is nothing else that could be written.

      function begin() {
        calldatacopy($BUFFER, 100, mload($STATEMENT_BYTES))
        mstore($STATEMENT_HASH, keccak256($BUFFER, mload($STATEMENT_BYTES)))
        let slot := keccak256($CONTEXT, $CONTEXT_BYTES)
        // The highest bit says that the context is known, the lowest ones which queries have been checked.
        if iszero(sload(slot)) { sstore(slot, shl(255, 1)) }
        mstore(sub($CONTEXT, 64), 32)
        mstore(sub($CONTEXT, 32), $CONTEXT_BYTES)
        return(sub($CONTEXT, 64), add(64, $CONTEXT_BYTES))
      }
      /// proceed(uint256 first, bytes context, bytes queries): true once all have been checked.
      function proceed() {
        let first := calldataload(4)
        let contextBytes, atLength := byteString(100)
        if or(iszero(eq(calldataload(36), 96)), iszero(eq(contextBytes, $CONTEXT_BYTES))) { reject($BAD_CALLDATA) }
        if iszero(eq(calldataload(68), sub(atLength, 4))) { reject($BAD_CALLDATA) }
        let queriesBytes, end := byteString(atLength)
        if iszero(eq(calldatasize(), end)) { reject($BAD_CALLDATA) }
        calldatacopy($CONTEXT, 132, $CONTEXT_BYTES)
        let slot := keccak256($CONTEXT, $CONTEXT_BYTES)
        let state := sload(slot)
        if iszero(state) { reject($UNKNOWN_CONTEXT) }
        let count := div(queriesBytes, mload($QUERY_BYTES))
        if iszero(eq(queriesBytes, mul(count, mload($QUERY_BYTES)))) { reject($BAD_CALLDATA) }
        if or(gt(first, $QUERY_COUNT), gt(add(first, count), $QUERY_COUNT)) { reject($BAD_CALLDATA) }
        let some := shl(first, sub(shl(count, 1), 1))
        if and(state, some) { reject($REPEATED_QUERY) }

        mstore($POWER, 1)
        for { let i := 0 } lt(i, add($COLUMN_COUNT, $NEXT_COUNT)) { i := add(i, 1) } {
          pop(nextPower(add($COEFFICIENTS, mul(32, i))))
        }
        checkQueries(add(atLength, 32), first, count)
        state := or(state, some)
        sstore(slot, state)
        let isDone := eq(state, or(shl(255, 1), sub(shl($QUERY_COUNT, 1), 1)))
        if isDone { sstore(provenSlot(mload($STATEMENT_HASH)), 1) }
        mstore(0, isDone)
        return(0, 32)
      }
      /// Where it is kept that a statement, known by the hash of its bytes, has been proven in parts. Contexts are longer, so
      /// no slot is both.
      function provenSlot(statementHash) -> slot {
        mstore(0, $SELECTOR_IS_PROVEN)
        mstore(32, statementHash)
        slot := keccak256(0, 64)
      }

      // ---------------------------------------------------------------------------------------------- rejections

      /// Reverts with Rejected(code), the code being an index into REJECTION_CODES (src/verifier/rejectionCodes.ts).
      function reject(code) {
        mstore(0, shl(224, $SELECTOR_REJECTED))
        mstore(4, code)
        revert(0, 36)
      }

      // ----------------------------------------------------------------------------------------- other contracts

      /// Their addresses, which stand at the end of the code, and the hashes of the code that they must have.
      function loadContracts() {
        codecopy($CONTRACTS, sub(codesize(), mul(32, $ADDRESS_COUNT)), mul(32, $ADDRESS_COUNT))
        datacopy($CONTRACT_HASHES, dataoffset("codeHashes"), mul(32, $ADDRESS_COUNT))
      }
      /// The address of a contract, which has the very code that this verifier was emitted with: so the verifier's own code
      /// says all that it does, whoever has deployed it.
      function contractAt(i) -> at {
        at := mload(add($CONTRACTS, mul(32, i)))
        if iszero(eq(extcodehash(at), mload(add($CONTRACT_HASHES, mul(32, i))))) { reject($CONTRACT_FAILED) }
      }

      // -------------------------------------------------------------------------------------------- M31 and QM31

      /// 1/x in M31, by x^(2^31 - 3); 0 for 0: callers see to it that x is none.
      function invert(x) -> y {
        let t := mulmod(mulmod(x, x, $P), x, $P) // 2^2 - 1
        let f := mulmod(square2(t), t, $P) // 2^4 - 1
        let e := mulmod(square4(f), f, $P) // 2^8 - 1
        y := mulmod(square4(square4(e)), e, $P) // 2^16 - 1
        y := mulmod(square4(square4(y)), e, $P) // 2^24 - 1
        y := mulmod(square4(y), f, $P) // 2^28 - 1
        y := mulmod(mulmod(y, y, $P), x, $P) // 2^29 - 1
        y := mulmod(square2(y), x, $P)
      }
      function square2(x) -> y {
        y := mulmod(x, x, $P)
        y := mulmod(y, y, $P)
      }
      function square4(x) -> y {
        y := mulmod(x, x, $P)
        y := mulmod(y, y, $P)
        y := mulmod(y, y, $P)
        y := mulmod(y, y, $P)
      }

$FIELD
      /// a - b for loose b, tidied.
      function subtract(a, b) -> y {
        y := sub(add(a, $OFFSET_LOOSE), b)
        y := add(and(y, $LANES_31), and(shr(31, y), $LANES_32))
      }
      /// a·s for s in M31.
      function scale(a, s) -> y {
        y := mul(add(and(a, $LANES_31), and(shr(31, a), $LANES_32)), s)
        y := add(and(y, $LANES_31), and(shr(31, y), $LANES_32))
      }
      /// a + bi + (c + di)u as a word, for coordinates below p; lanes are below 3p.
      function pack(a, b, c, d) -> y {
        y := add(add(or(a, shl(63, c)), $OFFSET_PACK), mul(or(b, shl(63, d)), $PACK))
      }
      /// The coordinates below p of an element a + bi + (c + di)u.
      function unpack(x) -> a, b, c, d {
        b := mod(and(shr(126, x), $LANE), $P)
        d := mod(shr(189, x), $P)
        a := mod(add(and(x, $LANE), shl(1, b)), $P)
        c := mod(add(and(shr(63, x), $LANE), shl(1, d)), $P)
      }
      /// True when the element is 0, for lanes below 2^36.
      function isZero(x) -> yes {
        // With p added no lane is 0, and folding three times leaves those that p divides equal to p.
        yes := eq(fold(fold(fold(add(x, $LANES_31)))), $LANES_31)
      }
      /// 1/x; x must not be 0.
      function invertSecure(x) -> y {
        let a, b, c, d := unpack(x)
        let n0, n1
        {
          let h0 := addmod(mul(c, c), mul(sub($P, d), d), $P)
          let h1 := mulmod(shl(1, c), d, $P)
          // (a + bi)^2 - (2 + i)(h0 + h1 i)
          n0 := mod(add(add(mul(a, a), mul(sub($P, b), b)), add(sub($P2, shl(1, h0)), h1)), $P)
          n1 := mod(add(mul(shl(1, a), b), add(sub($P, h0), sub($P2, shl(1, h1)))), $P)
        }
        {
          let norm := invert(addmod(mul(n0, n0), mul(n1, n1), $P))
          n0 := mulmod(n0, norm, $P)
          n1 := mulmod(sub($P, n1), norm, $P)
        }
        let e := addmod(mul(a, n0), mul(sub($P, b), n1), $P)
        b := addmod(mul(a, n1), mul(b, n0), $P)
        a := addmod(mul(c, n0), mul(sub($P, d), n1), $P)
        d := addmod(mul(c, n1), mul(d, n0), $P)
        y := pack(e, b, mod(sub($P, a), $P), mod(sub($P, d), $P))
      }
      /// c0 + c1 i + (c2 + c3 i)u of four elements that lie one after the other in memory.
      function joinCoordinates(at) -> y {
        let high := add(mload(add(at, 64)), multiply(mload(add(at, 96)), $SECURE_I))
        let low := add(mload(at), multiply(mload(add(at, 32)), $SECURE_I))
        y := fold(add(low, multiply(high, $SECURE_U)))
      }

      /// The element of four 32-bit words in the calldata.
      function secureAt(at) -> y {
        y := shr(128, calldataload(at))
        if and(or(y, add(y, $ONES_128)), $TOPS_128) { reject($NON_CANONICAL) }
        y := add(
          add(or(shr(96, y), shl(63, and(shr(32, y), $MASK_32))), $OFFSET_PACK),
          mul(or(and(shr(64, y), $MASK_32), shl(63, and(y, $MASK_32))), $PACK)
        )
      }

      // ---------------------------------------------------------------------------------------------- transcript

      // At $BUFFER: role, state, kind, step, count (4 + 32 + 4 + 4 + 4 bytes), then the message.

      /// Absorbs bytes of the calldata.
      function absorb(step, at, byteCount) {
        mstore($BUFFER+36, shl(160, or(shl(32, step), byteCount)))
        calldatacopy($BUFFER+48, at, byteCount)
        mstore($BUFFER+4, keccak256($BUFFER, add(48, byteCount)))
        mstore($DRAW_COUNT, 0)
      }
      function absorbPublicValues() {
        mstore($BUFFER+36, shl(160, or(shl(32, 2), $PUBLIC_BYTES)))
        mcopy($BUFFER+48, $PUBLIC, $PUBLIC_BYTES)
        mstore($BUFFER+4, keccak256($BUFFER, add(48, $PUBLIC_BYTES)))
        mstore($DRAW_COUNT, 0)
      }
      function squeeze(step) -> digest {
        let count := mload($DRAW_COUNT)
        mstore($BUFFER+36, shl(160, or(or(shl(64, 1), shl(32, step)), count)))
        mstore($DRAW_COUNT, add(count, 1))
        digest := keccak256($BUFFER, 48)
      }
      function reduceWord(word) -> y {
        y := word
        if iszero(lt(word, $P)) { y := sub(word, $P) }
      }
      function drawElement(step) -> y {
        for { } 1 { } {
          let words := shr(128, squeeze(step))
          let a := shr(96, words)
          let b := and(shr(64, words), $MASK_32)
          let c := and(shr(32, words), $MASK_32)
          let d := and(words, $MASK_32)
          if and(and(lt(a, $P2), lt(b, $P2)), and(lt(c, $P2), lt(d, $P2))) {
            y := pack(reduceWord(a), reduceWord(b), reduceWord(c), reduceWord(d))
            leave
          }
        }
      }
      /// Checks a grinding nonce and absorbs it.
      function grind(step, bits, at) {
        mstore($BUFFER+36, shl(160, or(or(shl(64, 2), shl(32, step)), bits)))
        calldatacopy($BUFFER+48, at, 8)
        if shr(sub(256, bits), keccak256($BUFFER, 56)) { reject($GRINDING) }
        absorb(step, at, 8)
      }

      // ------------------------------------------------------------------------------------------ statement, shape

      /// The byte string whose length stands at `at` in the calldata: checks the zeros that fill up its last word.
      function byteString(at) -> byteCount, end {
        byteCount := calldataload(at)
        if gt(byteCount, 0xffffffff) { reject($BAD_CALLDATA) }
        end := add(add(at, 32), and(add(byteCount, 31), not(31)))
        if and(byteCount, 31) {
          if shl(mul(8, and(byteCount, 31)), calldataload(sub(end, 32))) { reject($BAD_CALLDATA) }
        }
      }
      /// Checks that the calldata is exactly verify(bytes statement, bytes proof).
      function readCalldata() {
        if iszero(eq(calldataload(4), 64)) { reject($BAD_CALLDATA) }
        let statementBytes, atLength := byteString(68)
        if iszero(eq(calldataload(36), sub(atLength, 4))) { reject($BAD_CALLDATA) }
        let proofBytes, end := byteString(atLength)
        if iszero(eq(calldatasize(), end)) { reject($BAD_CALLDATA) }
        mstore($STATEMENT_BYTES, statementBytes)
        mstore($PROOF_BYTES, proofBytes)
        mstore($AT_PROOF, add(atLength, 32))
      }

      /// The public values, as words of 32 bits at $PUBLIC, and how many uses the statement adds to its buses: the statement
      /// itself, or what the statement contract makes of it.
      function readPublicValues() {
        let byteCount := mload($STATEMENT_BYTES)
        mstore($STATEMENT_USES, 0)
        switch $HAS_STATEMENT
        case 0 {
          if iszero(eq(byteCount, $PUBLIC_BYTES)) { reject($INVALID_PUBLIC_VALUES) }
          calldatacopy($PUBLIC, 100, byteCount)
        }
        default {
          mstore($BUFFER, shl(224, $SELECTOR_PUBLIC_VALUES))
          calldatacopy($BUFFER+4, 100, byteCount)
          askStatement(add(4, byteCount), $STATEMENT_USES, add(32, $PUBLIC_BYTES))
        }
        for { let i := 0 } lt(i, $PUBLIC_COUNT) { i := add(i, 1) } {
          let value := shr(224, mload(add($PUBLIC, mul(4, i))))
          if iszero(lt(value, $P)) { reject($INVALID_PUBLIC_VALUES) }
          mstore(add($ENV_PUBLIC, mul(32, i)), value)
        }
      }
      /// Calls the statement contract with the bytes at $BUFFER. Its rejections are the verifier's.
      function askStatement(inBytes, out, outBytes) {
        if iszero(staticcall(gas(), contractAt($CONTRACT_COUNT), $BUFFER, inBytes, out, outBytes)) {
          if iszero(eq(returndatasize(), 36)) { reject($CONTRACT_FAILED) }
          returndatacopy(0, 0, 36)
          revert(0, 36)
        }
        if iszero(eq(returndatasize(), outBytes)) { reject($CONTRACT_FAILED) }
      }
      /// claims(bytes statement): what an accepted proof of the statement shows, for the registry of facts. Without a statement
      /// contract that is the hash of the public values.
      function answerClaims() {
        let byteCount, end := byteString(36)
        if or(iszero(eq(calldataload(4), 32)), iszero(eq(calldatasize(), end))) { reject($BAD_CALLDATA) }
        mstore(0, 32)
        switch $HAS_STATEMENT
        case 0 {
          calldatacopy($BUFFER, 68, byteCount)
          mstore(32, 1)
          mstore(64, keccak256($BUFFER, byteCount))
          return(0, 96)
        }
        default {
          mstore($BUFFER, shl(224, $SELECTOR_CLAIMS))
          calldatacopy($BUFFER+4, 68, byteCount)
          loadContracts()
          if iszero(staticcall(gas(), contractAt($CONTRACT_COUNT), $BUFFER, add(4, byteCount), 0, 0)) {
            reject($INVALID_STATEMENT)
          }
          mstore(32, shr(5, returndatasize()))
          returndatacopy(64, 0, returndatasize())
          return(0, add(64, returndatasize()))
        }
      }

      function atMost(a, b) -> least {
        least := a
        if gt(a, b) { least := b }
      }

      /// Magic, version, parameters, heights; with these every length is known, and the proof's own must be it, or that of its
      /// head, which ends where queries begin.
      function readShape(hasQueries) {
        let proofBytes := mload($PROOF_BYTES)
        let atProof := mload($AT_PROOF)
        if or(lt(proofBytes, 4), iszero(eq(shr(224, calldataload(atProof)), $MAGIC))) { reject($NOT_A_PROOF) }
        if lt(proofBytes, 8) { reject($TRUNCATED) }
        if iszero(eq(shr(224, calldataload(add(atProof, 4))), $VERSION)) { reject($UNKNOWN_VERSION) }
        if lt(proofBytes, 52) { reject($TRUNCATED) }
        if or(
          iszero(eq(calldataload(add(atProof, 8)), $PARAMETERS_LEFT)),
          iszero(eq(shr(160, calldataload(add(atProof, 40))), $PARAMETERS_RIGHT))
        ) { reject($WRONG_PARAMETERS) }
        if lt(proofBytes, $HEAD_BYTES) { reject($TRUNCATED) }

        let logMaxHeight := 0
        for { let t := 0 } lt(t, $TABLE_COUNT) { t := add(t, 1) } {
          let height := shr(224, calldataload(add(add(atProof, 52), mul(4, t))))
          let bounds := shr(240, mload(add($PLAN_HEIGHTS, mul(2, t))))
          if or(lt(height, shr(8, bounds)), gt(height, and(bounds, 0xff))) { reject($INVALID_HEIGHT) }
          mstore(add($HEIGHTS, mul(32, t)), height)
          if gt(height, logMaxHeight) { logMaxHeight := height }
        }
        if $KEY_LOG_MAX_HEIGHT {
          if iszero(eq(logMaxHeight, $KEY_LOG_MAX_HEIGHT)) { reject($INVALID_HEIGHT) }
        }
        let logDomain := add(logMaxHeight, $LOG_BLOWUP)
        mstore($LOG_MAX_HEIGHT, logMaxHeight)
        mstore($LOG_DOMAIN, logDomain)
        let logCap := atMost(logDomain, $LOG_CAP)
        mstore($CAP_BYTES, shl(logCap, $DIGEST_BYTES))
        mstore($PATH_LENGTH, sub(logDomain, logCap))
        mstore($AT_NONCES, add(add(atProof, $HEAD_BYTES), mul($CAP_COUNT, mload($CAP_BYTES))))

        let bytesOfQuery := add($ROW_BYTES, mul($TREE_COUNT, mul(mload($PATH_LENGTH), $DIGEST_BYTES)))
        let total := add($HEAD_BYTES, add(mul($CAP_COUNT, mload($CAP_BYTES)), $FIXED_BYTES))
        bytesOfQuery, total := readLayers(logDomain, bytesOfQuery, total)
        mstore($QUERY_BYTES, bytesOfQuery)
        if hasQueries { total := add(total, mul($QUERY_COUNT, bytesOfQuery)) }
        if lt(proofBytes, total) { reject($TRUNCATED) }
        if gt(proofBytes, total) { reject($TRAILING_BYTES) }
      }

      /// The layers of FRI, at $LAYERS: per layer logFold, log of the leaves, log of the cap, place of the cap in memory.
      function readLayers(logDomain, queryBytes, totalBytes) -> bytesOfQuery, total {
        bytesOfQuery := queryBytes
        total := totalBytes
        let logStop := add(atMost($LOG_LAST_LAYER, sub(mload($LOG_MAX_HEIGHT), 1)), $LOG_BLOWUP)
        let logSize := logDomain
        let layer := $LAYERS
        for { } gt(logSize, logStop) { } {
          let logFold := atMost($LOG_FOLD, sub(logSize, logStop))
          logSize := sub(logSize, logFold)
          let logCap := atMost(logSize, $LOG_CAP)
          mstore(layer, logFold)
          mstore(add(layer, 32), logSize)
          mstore(add(layer, 64), logCap)
          total := add(total, add(shl(logCap, $DIGEST_BYTES), $FOLD_NONCE_BYTES))
          bytesOfQuery := add(bytesOfQuery, add(shl(logFold, 16), mul(sub(logSize, logCap), $DIGEST_BYTES)))
          layer := add(layer, $LAYER_STRIDE)
        }
        mstore($LAYERS_END, layer)
        mstore($LOG_LAST, sub(logSize, $LOG_BLOWUP))
        total := add(total, shl(mload($LOG_LAST), 16))
      }

      /// Rejects heights for which the uses of a bus could wrap around modulo p.
      function checkUseCounts() {
        $USE_COUNTS
      }

      function replayTranscript() {
        mstore($BUFFER, shl(224, 3))
        mstore($BUFFER+4, $INITIAL_STATE)
        absorbPublicValues()
        absorb(2, add(mload($AT_PROOF), 52), sub($HEAD_BYTES, 52))
        let capBytes := mload($CAP_BYTES)
        let cap := add(mload($AT_PROOF), $HEAD_BYTES)
        let friCap := add($CAPS, mul($CAP_COUNT, capBytes))
        calldatacopy($CAPS, cap, mul($CAP_COUNT, capBytes))
        let at := mload($AT_NONCES)
        absorb(4, cap, mul($HAS_MAIN, capBytes))
        if $HAS_MAIN { cap := add(cap, capBytes) }
        if $HAS_LOOKUP {
          if $GRIND_LOOKUP {
            grind(5, $GRIND_LOOKUP, at)
            at := add(at, 8)
          }
          mstore($ENV_LOOKUP_POINT, drawElement(6))
          drawAlphaPowers()
          absorb(7, at, $CLAIMED_BYTES)
          at := readClaimedSums(at)
          absorb(8, cap, capBytes)
          cap := add(cap, capBytes)
        }
        drawCoefficient()
        absorb(10, cap, capBytes)
        if $GRIND_POINT {
          grind(11, $GRIND_POINT, at)
          at := add(at, 8)
        }
        drawPoint()
        absorb(13, at, mul(16, $COLUMN_COUNT))
        at := readElements(at, $ENV_SAMPLES, $COLUMN_COUNT)
        absorb(13, at, mul(16, $NEXT_COUNT))
        at := readElements(at, $ENV_NEXT, $NEXT_COUNT)
        if $GRIND_DEEP {
          grind(14, $GRIND_DEEP, at)
          at := add(at, 8)
        }
        mstore($DEEP_COEFFICIENT, drawElement(15))
        for { let layer := $LAYERS } lt(layer, mload($LAYERS_END)) { layer := add(layer, $LAYER_STRIDE) } {
          let friCapBytes := shl(mload(add(layer, 64)), $DIGEST_BYTES)
          mstore(add(layer, 96), friCap)
          calldatacopy(friCap, at, friCapBytes)
          friCap := add(friCap, friCapBytes)
          absorb(16, at, friCapBytes)
          at := add(at, friCapBytes)
          if $GRIND_FOLD {
            grind(17, $GRIND_FOLD, at)
            at := add(at, 8)
          }
          // Lanes below 2^31 and a bit, so that folds may scale it.
          let coefficient := fold(drawElement(18))
          for { let k := 0 } lt(k, mload(layer)) { k := add(k, 1) } {
            mstore(add(add(layer, 128), mul(32, k)), coefficient)
            coefficient := multiply(coefficient, coefficient)
          }
        }
        absorb(19, at, shl(mload($LOG_LAST), 16))
        at := readElements(at, $LAST_LAYER, shl(mload($LOG_LAST), 1))
        for { let k := 0 } lt(k, shl(mload($LOG_LAST), 32)) { k := add(k, 32) } {
          // Lanes below 2^31, so that two products fit on a folded sum.
          mstore(add($LAST_LAYER, k), fold(fold(mload(add($LAST_LAYER, k)))))
        }
        if $GRIND_QUERY {
          grind(20, $GRIND_QUERY, at)
          at := add(at, 8)
        }
        mstore($AT_QUERIES, at)
        drawPositions()
      }

      /// Reads `count` elements; their lanes are below 3p.
      function readElements(from, to, count) -> at {
        at := from
        for { let end := add(to, mul(32, count)) } lt(to, end) { to := add(to, 32) } {
          let word := shr(128, calldataload(at))
          if and(or(word, add(word, $ONES_128)), $TOPS_128) { reject($NON_CANONICAL) }
          mstore(to, add(
            add(or(shr(96, word), shl(63, and(shr(32, word), $MASK_32))), $OFFSET_PACK),
            mul(or(and(shr(64, word), $MASK_32), shl(63, and(word, $MASK_32))), $PACK)
          ))
          at := add(at, 16)
        }
      }
      function drawAlphaPowers() {
        let alpha := drawElement(6)
        let power := alpha
        for { let i := 0 } lt(i, $ALPHA_COUNT) { i := add(i, 1) } {
          mstore(add($ENV_ALPHA, mul(32, i)), power)
          power := multiply(power, alpha)
        }
      }
      /// Claimed sums and, for the constraints, each divided by its table's rows: 1/2^h = 2^(31 - h).
      function readClaimedSums(from) -> at {
        at := from
        let total := 0
        for { let t := 0 } lt(t, $TABLE_COUNT) { t := add(t, 1) } {
          if and(shr(t, $LOOKUP_TABLES), 1) {
            let sum := secureAt(at)
            total := add(total, sum)
            mstore(add($ENV_MEAN_SUMS, mul(32, t)), scale(sum, shl(sub(31, mload(add($HEIGHTS, mul(32, t)))), 1)))
            at := add(at, 16)
          }
        }
        mstore($CLAIMED_TOTAL, fold(total))
      }
      /// The coefficient γ that joins n constraints. Constraint contracts sum up from the first one on by Horner's rule, so
      /// they get 1/γ, and what they make is the sum divided by γ^(n - 1).
      function drawCoefficient() {
        let coefficient := drawElement(9)
        if isZero(coefficient) { reject($DEGENERATE_CHALLENGE) }
        mstore($ENV_COEFFICIENT, invertSecure(coefficient))
        let power := 1
        for { let exponent := $LAST_CONSTRAINT } exponent { exponent := shr(1, exponent) } {
          if and(exponent, 1) { power := multiply(power, coefficient) }
          coefficient := multiply(coefficient, coefficient)
        }
        mstore($LAST_POWER, power)
      }
      /// The out-of-domain point of a drawn parameter t: ((1 - t^2)/(1 + t^2), 2t/(1 + t^2)).
      function drawPoint() {
        let t := drawElement(12)
        let s := multiply(t, t)
        let denominator := add(s, 1)
        if isZero(denominator) { reject($DEGENERATE_CHALLENGE) }
        denominator := invertSecure(denominator)
        mstore($POINT_X, multiply(subtract(1, s), denominator))
        mstore($POINT_Y, multiply(add(t, t), denominator))
      }
      function drawPositions() {
        let shift := sub(32, mload($LOG_DOMAIN))
        let words
        for { let i := 0 } lt(i, $QUERY_COUNT) { i := add(i, 1) } {
          if iszero(and(i, 7)) { words := squeeze(21) }
          mstore(add($POSITIONS, mul(32, i)), shr(shift, shr(224, words)))
          words := shl(32, words)
        }
      }

      // --------------------------------------------------------------------------------------------- constraints

      /// x of z doubled j times for j below the greatest height, at $DOUBLED_X, and y likewise.
      function doublePoint() {
        let x := mload($POINT_X)
        let y := mload($POINT_Y)
        for { let j := 0 } lt(j, mload($LOG_MAX_HEIGHT)) { j := add(j, 1) } {
          mstore(add($DOUBLED_X, mul(32, j)), x)
          mstore(add($DOUBLED_Y, mul(32, j)), y)
          let xy := multiply(x, y)
          y := fold(add(xy, xy))
          let xx := multiply(x, x)
          x := subtract(add(xx, xx), 1)
        }
      }

      /// The selectors of a table's first and last row at its point, z doubled N - h times (evaluateRowSelector of the
      /// reference): the factors 1/2 (1 + x/x0) of all tables are those of the tallest from N - h on, so their products
      /// from the end are made once, at $SELECTOR_PRODUCTS.
      function evaluateSelectors() {
        let n := mload($LOG_MAX_HEIGHT)
        let product := 1
        mstore(add($SELECTOR_PRODUCTS, mul(32, sub(n, 1))), product)
        for { let j := sub(n, 1) } gt(j, 0) { } {
          j := sub(j, 1)
          let x := scale(mload(add($DOUBLED_X, mul(32, j))), inverseX(add(sub(n, j), 1)))
          product := multiply(product, scale(add(x, 1), $HALF))
          mstore(add($SELECTOR_PRODUCTS, mul(32, j)), product)
        }
        for { let t := 0 } lt(t, $TABLE_COUNT) { t := add(t, 1) } {
          let height := mload(add($HEIGHTS, mul(32, t)))
          let j := sub(n, height)
          product := scale(mload(add($SELECTOR_PRODUCTS, mul(32, j))), $HALF)
          let y := scale(mload(add($DOUBLED_Y, mul(32, j))), inverseY(add(height, 1)))
          mstore(add($ENV_FIRST, mul(32, t)), multiply(product, add(y, 1)))
          mstore(add($ENV_LAST, mul(32, t)), multiply(product, subtract(1, y)))
        }
      }
      function inverseX(logOrder) -> x {
        x := shr(224, mload(add($PLAN_INVERSES, mul(8, logOrder))))
      }
      function inverseY(logOrder) -> y {
        y := shr(224, mload(add($PLAN_INVERSES, add(4, mul(8, logOrder)))))
      }

      /// Runs the constraint contracts one after the other. Each takes the block at $ENV and gives the new values of the
      /// slots at its start: sum of constraints, numerator and denominator of the public fractions, values that a later
      /// contract reads.
      function evaluateConstraints() {
        doublePoint()
        evaluateSelectors()
        mstore($ENV, 0)
        mstore($ENV+32, 0)
        mstore($ENV+64, 1)
        if $HAS_STATEMENT { addStatement() }
        for { let i := 0 } lt(i, $CONTRACT_COUNT) { i := add(i, 1) } {
          if iszero(staticcall(gas(), contractAt(i), $ENV, $ENV_BYTES, $ENV, $SLOT_BYTES)) {
            reject($CONTRACT_FAILED)
          }
          if iszero(eq(returndatasize(), shl(5, shr(240, mload(add($PLAN_RESULTS, mul(2, i))))))) {
            reject($CONTRACT_FAILED)
          }
        }
      }

      /// The fractions of the statement's bus entries, which the statement contract sums up: it takes the look-up challenges
      /// (z and the powers of alpha lie one after the other), the heights and the statement.
      function addStatement() {
        let byteCount := mload($STATEMENT_BYTES)
        mstore($BUFFER, shl(224, $SELECTOR_FRACTIONS))
        mcopy($BUFFER+4, $ENV_LOOKUP_POINT, $CHALLENGE_BYTES)
        mcopy(add($BUFFER+4, $CHALLENGE_BYTES), $HEIGHTS, mul(32, $TABLE_COUNT))
        let at := add(add($BUFFER+4, $CHALLENGE_BYTES), mul(32, $TABLE_COUNT))
        calldatacopy(at, 100, byteCount)
        askStatement(sub(add(at, byteCount), $BUFFER), $ENV+32, 64)
      }

      /// Claimed sums and the statement's own fractions add up to 0.
      function checkLookupSum() {
        if $HAS_LOOKUP {
          let denominator := mload($ENV+64)
          if isZero(denominator) { reject($DEGENERATE_CHALLENGE) }
          if iszero(isZero(add(multiply(mload($CLAIMED_TOTAL), denominator), mload($ENV+32)))) {
            reject($LOOKUP_SUM)
          }
        }
      }

      /// The sum of the constraints is the vanishing polynomial times the composition, joined from its pieces.
      function checkConstraints() {
        let vanishing := mload(add($DOUBLED_X, mul(32, sub(mload($LOG_MAX_HEIGHT), 1))))
        let pieces := add($ENV_SAMPLES, mul(32, sub($COLUMN_COUNT, mul(4, $PIECE_COUNT))))
        for { let j := 0 } lt(j, $PIECE_COUNT) { j := add(j, 1) } {
          mstore(add($SCRATCH, mul(32, j)), joinCoordinates(add(pieces, mul(128, j))))
        }
        let factor := vanishing
        for { let count := shr(1, $PIECE_COUNT) } count { count := shr(1, count) } {
          for { let j := 0 } lt(j, count) { j := add(j, 1) } {
            let from := add($SCRATCH, mul(64, j))
            mstore(add($SCRATCH, mul(32, j)), fold(add(mload(from), multiply(mload(add(from, 32)), factor))))
          }
          let xx := multiply(factor, factor)
          factor := subtract(add(xx, xx), 1)
        }
        if iszero(isZero(subtract(multiply(mload($ENV), mload($LAST_POWER)), multiply(vanishing, mload($SCRATCH))))) {
          reject($CONSTRAINTS)
        }
      }

      // ----------------------------------------------------------------------------------------------- quotients

      // Sums per table over its columns, Σ c^i·v, and of the odd powers of u in v alone: conjugation changes the sign of those.
      // $COEFFICIENTS holds c^i for all columns, then for those with a next row, in lanes of 64 bits and below 2^31.

      function planQuotients() {
        mstore($POWER, 1)
        let column := $ENV_SAMPLES
        for { let segment := $PLAN_SEGMENTS } lt(segment, $PLAN_SEGMENTS_END) { segment := add(segment, 4) } {
          let entry := shr(224, mload(segment))
          let end := add(column, mul(32, and(entry, 0xffff)))
          let table := add($TABLE_SUMS, mul(64, shr(16, entry)))
          let all, odd := sumSamples(column, end)
          mstore(table, add(mload(table), all))
          mstore(add(table, 32), add(mload(add(table, 32)), odd))
          column := end
        }
        let step := mload($POWER)
        // Samples of the next row follow those of this one.
        let nextAll, nextOdd := sumSamples(column, add(column, mul(32, $NEXT_COUNT)))
        let power := mload($POWER)
        mstore($STEP_COEFFICIENT, step)
        mstore($SHORT_COEFFICIENT, power)

        let all := 0
        let odd := 0
        for { let t := 0 } lt(t, add($TABLE_COUNT, 1)) { t := add(t, 1) } {
          all := add(all, mload(add($TABLE_SUMS, mul(64, t))))
          odd := add(odd, mload(add($TABLE_SUMS+32, mul(64, t))))
        }
        planPoint($POINTS, mload($POINT_X), mload($POINT_Y), fold(all), fold(odd), 1)
        mstore($POINTS_END, $POINTS_AFTER_FIRST)
        if $NEXT_COUNT {
          planAt(mload($LOG_MAX_HEIGHT), fold(nextAll), fold(nextOdd), 1)
        }
        planShortHeights()
        planSegments()
      }

      /// The runs of columns as queries sum them up: for each the place of the sum that it belongs to and 32 bytes for each
      /// column, in one word at $SEGMENTS; neighbours with one sum are one. Where each tree's end is at $TREE_ENDS.
      function planSegments() {
        let segment := $PLAN_SEGMENTS
        let to := $SEGMENTS
        for { let tree := 0 } lt(tree, $TREE_COUNT) { tree := add(tree, 1) } {
          let count := and(shr(208, mload(add($PLAN_TREES, mul(8, tree)))), 0xffff)
          let last := 0
          for { let end := add(segment, mul(4, count)) } lt(segment, end) { segment := add(segment, 4) } {
            let entry := shr(224, mload(segment))
            // Tables as tall as the tallest, and the composition, have no point of their own.
            let sum := $TALL_SUM
            let point := mload(add($TABLE_POINTS, mul(32, shr(16, entry))))
            if point { sum := add(point, 288) }
            switch eq(sum, last)
            case 0 {
              mstore(to, or(shl(32, sum), mul(32, and(entry, 0xffff))))
              to := add(to, 32)
              last := sum
            }
            default {
              mstore(sub(to, 32), add(mload(sub(to, 32)), mul(32, and(entry, 0xffff))))
            }
          }
          mstore(add($TREE_ENDS, mul(32, tree)), to)
        }
      }

      /// Σ c^i·v over the samples from one place to another, and over their odd parts; powers go on from $POWER.
      function sumSamples(from, to) -> all, odd {
        for { } lt(from, to) { } {
          // A hundred products at a time keep lanes above -2^61.
          let end := add(from, 3200)
          if gt(end, to) { end := to }
          let low, high, oddLow, oddHigh := sumSome(from, end)
          all := add(all, combine(low, high))
          odd := add(odd, combine(oddLow, oddHigh))
          from := end
        }
      }
      /// The same, by parts: products with the 16 low and with the other bits of c^i.
      function sumSome(from, end) -> low, high, oddLow, oddHigh {
        for { } lt(from, end) { from := add(from, 32) } {
          let power := nextPower(add(from, $COEFFICIENTS_DELTA))
          let powerHigh := and(shr(16, power), $LANES_20)
          power := and(power, $LANES_16)
          let sample := mload(from)
          low := addmod(low, mulmod(power, sample, $MODULUS), $MODULUS)
          high := addmod(high, mulmod(powerHigh, sample, $MODULUS), $MODULUS)
          sample := and(sample, $LANES_ODD)
          oddLow := addmod(oddLow, mulmod(power, sample, $MODULUS), $MODULUS)
          oddHigh := addmod(oddHigh, mulmod(powerHigh, sample, $MODULUS), $MODULUS)
        }
      }
      /// The next power of the batching coefficient, which it puts down in the form that queries take, at `at`.
      function nextPower(at) -> power {
        power := mload($POWER)
        mstore($POWER, multiply(power, mload($DEEP_COEFFICIENT)))
        let small := fold(power)
        mstore(at, or(
          or(and(small, $LANE), shl(1, and(small, $LANE_1))),
          or(shl(2, and(small, $LANE_2)), shl(3, and(small, $LANE_3)))
        ))
      }
      /// low + 2^16·high for sums of products, whose lanes are above -2^61 and below 2^61; the result's are below 2^33.
      function combine(low, high) -> y {
        y := fold(add(
          addmod(low, $OFFSET_HIGH, $MODULUS),
          shl(16, fold(addmod(high, $OFFSET_HIGH, $MODULUS)))
        ))
      }

      /// Each height below the greatest, ascending: its columns are opened once more, at z + T_h.
      function planShortHeights() {
        for { let height := 0 } lt(height, mload($LOG_MAX_HEIGHT)) { height := add(height, 1) } {
          let all := 0
          let odd := 0
          let found := 0
          for { let t := 0 } lt(t, $TABLE_COUNT) { t := add(t, 1) } {
            if eq(mload(add($HEIGHTS, mul(32, t))), height) {
              found := 1
              mstore(add($TABLE_POINTS, mul(32, t)), mload($POINTS_END))
              all := add(all, mload(add($TABLE_SUMS, mul(64, t))))
              odd := add(odd, mload(add($TABLE_SUMS, add(32, mul(64, t)))))
            }
          }
          if found {
            let coefficient := mload($SHORT_COEFFICIENT)
            planAt(sub(mload($LOG_MAX_HEIGHT), height), fold(all), fold(odd), coefficient)
            mstore($SHORT_COEFFICIENT, multiply(coefficient, mload($STEP_COEFFICIENT)))
          }
        }
      }

      /// Plans the point z + g for the generator g of the subgroup of this order, behind the points so far.
      function planAt(logOrder, all, odd, coefficient) {
        let g := shr(192, mload(add($PLAN_GENERATORS, mul(8, logOrder))))
        let gx := shr(32, g)
        let gy := and(g, $MASK_32)
        let x := mload($POINT_X)
        let y := mload($POINT_Y)
        let at := mload($POINTS_END)
        planPoint(
          at,
          subtract(scale(x, gx), scale(y, gy)),
          fold(add(scale(x, gy), scale(y, gx))),
          all,
          odd,
          coefficient
        )
        mstore($POINTS_END, add(at, $POINT_STRIDE))
      }

      /// What queries need of a point: slope, offset, coefficient, and D = k + a·x + b·y in CM31.
      function planPoint(at, x, y, all, odd, coefficient) {
        if isZero(and(y, $LANES_ODD)) { reject($DEGENERATE_CHALLENGE) }
        // (conj v - v)/(conj y - y): both are -2 times the odd part.
        let slope := multiply(odd, invertSecure(and(y, $LANES_ODD)))
        mstore(at, slope)
        mstore(add(at, 32), subtract(all, multiply(slope, y)))
        mstore(add(at, 64), coefficient)
        planDenominator(add(at, 96), x, y)
      }
      /// D = (Re x·Im y - Re y·Im x) - Im y·X + Im x·Y at a point (X, Y), as k0, k1, a0, a1, b0, b1.
      function planDenominator(at, x, y) {
        {
          let y0, y1, c, d := unpack(y)
          mstore(at, y0)
          mstore(add(at, 32), y1)
          mstore(add(at, 64), mod(sub($P, c), $P))
          mstore(add(at, 96), mod(sub($P, d), $P))
        }
        let x0, x1, b0, b1 := unpack(x)
        mstore(add(at, 128), b0)
        mstore(add(at, 160), b1)
        let a0 := mload(add(at, 64))
        let a1 := mload(add(at, 96))
        let y0 := mload(at)
        let y1 := mload(add(at, 32))
        mstore(at, mod(add(add(mul(sub($P, x0), a0), mul(x1, a1)), add(mul(sub($P, y0), b0), mul(y1, b1))), $P))
        mstore(
          add(at, 32),
          mod(add(add(mul(sub($P, x0), a1), mul(sub($P, x1), a0)), add(mul(sub($P, y0), b1), mul(sub($P, y1), b0))), $P)
        )
      }

      // ------------------------------------------------------------------------------------------------- queries

      /// Checks some queries, which lie one after the other in the calldata.
      function checkQueries(from, first, count) {
        mstore($NODE, shl(224, 2))
        let at := from
        for { let q := first } lt(q, add(first, count)) { q := add(q, 1) } {
          let position := mload(add($POSITIONS, mul(32, q)))
          prepareInverses(position)
          at := readRows(at, position)
          at := checkLayers(at, position, quotient())
        }
      }

      /// The top of the path that begins at `at` in the calldata, and its index there.
      function climb(leaf, leafIndex, at, end) -> digest, index {
        digest := leaf
        index := leafIndex
        for { } lt(at, end) { at := add(at, $DIGEST_BYTES) } {
          // Bytes behind a digest are overwritten by the one to the right, or not hashed.
          switch and(index, 1)
          case 0 {
            mstore($NODE+4, digest)
            mstore($NODE_RIGHT, calldataload(at))
          }
          default {
            mstore($NODE+4, calldataload(at))
            mstore($NODE_RIGHT, digest)
          }
          digest := keccak256($NODE, $NODE_BYTES)
          index := shr(1, index)
        }
      }

      /// Hash of a leaf of words in the calldata.
      function hashLeaf(at, byteCount) -> digest {
        mstore($BUFFER, shl(224, 1))
        calldatacopy($BUFFER+4, at, byteCount)
        digest := keccak256($BUFFER, add(4, byteCount))
      }

      /// Goes through the trees: paths, canonical words, and Σ c^i·value into the sum of the tallest tables or of the point that
      /// columns have; Σ c^(C+j)·value over the columns with a next row into $ROW_NEXT.
      function readRows(from, position) -> at {
        at := from
        mstore($TALL_SUM, 0)
        mstore($ROW_NEXT, 0)
        let cap := $CAPS
        let segment := $SEGMENTS
        let next := $PLAN_NEXT
        let coefficient := $COEFFICIENTS
        let nextCoefficient := add($COEFFICIENTS, mul(32, $COLUMN_COUNT))
        for { let tree := 0 } lt(tree, $TREE_COUNT) { tree := add(tree, 1) } {
          let entry := shr(192, mload(add($PLAN_TREES, mul(8, tree))))
          let end := mload(add($TREE_ENDS, mul(32, tree)))
          coefficient := sumSegments(at, segment, end, coefficient)
          segment := end
          nextCoefficient := sumNext(at, next, and(entry, 0xffff), nextCoefficient)
          next := add(next, mul(2, and(entry, 0xffff)))
          let rowBytes := mul(4, and(shr(32, entry), 0xffff))
          let leaf := hashLeaf(at, rowBytes)
          at := add(at, rowBytes)
          switch shr(48, entry)
          case 0 {
            at := checkPath(leaf, position, at, cap)
            cap := add(cap, mload($CAP_BYTES))
          }
          default { at := checkFixedPath(leaf, position, at) }
        }
      }
      function checkPath(leaf, position, at, cap) -> end {
        end := add(at, mul(mload($PATH_LENGTH), $DIGEST_BYTES))
        let digest, index := climb(leaf, position, at, end)
        if and(xor(digest, mload(add(cap, mul(index, $DIGEST_BYTES)))), $DIGEST_MASK) { reject($TREE_PATH) }
      }
      function checkFixedPath(leaf, position, at) -> end {
        end := add(at, mul(mload($PATH_LENGTH), $DIGEST_BYTES))
        let digest, index := climb(leaf, position, at, end)
        if and(xor(digest, mload(add($PLAN_CAP, mul(index, $DIGEST_BYTES)))), $DIGEST_MASK) { reject($TREE_PATH) }
      }

      /// Adds Σ c^i·value of one tree's row to the sums of its segments, which have lanes of 64 bits.
      function sumSegments(row, segment, end, from) -> coefficient {
        coefficient := from
        for { } lt(segment, end) { segment := add(segment, 32) } {
          let sum := mload(segment)
          let columns := and(sum, $MASK_32)
          sum := shr(32, sum)
          mstore(sum, sumColumns(row, coefficient, add(coefficient, columns), mload(sum)))
          row := add(row, shr(3, columns))
          coefficient := add(coefficient, columns)
        }
      }
      /// sum + Σ coefficient·value, eight values to a word. Coefficients are below 2^31 and values below p, so four products
      /// fit on a folded sum in a lane of 64 bits.
      function sumColumns(row, coefficient, end, from) -> sum {
        sum := from
        for { let last := sub(end, 256) } iszero(gt(coefficient, last)) { coefficient := add(coefficient, 256) } {
          let word := calldataload(row)
          if and(or(word, add(word, $ONES_32)), $TOPS_32) { reject($NON_CANONICAL) }
          sum := add(
            add(add(sum, mul(mload(coefficient), shr(224, word))),
              mul(mload(add(coefficient, 32)), and(shr(192, word), $MASK_32))),
            add(mul(mload(add(coefficient, 64)), and(shr(160, word), $MASK_32)),
              mul(mload(add(coefficient, 96)), and(shr(128, word), $MASK_32)))
          )
          sum := add(and(sum, $WIDE_31), and(shr(31, sum), $WIDE_33))
          sum := add(
            add(add(sum, mul(mload(add(coefficient, 128)), and(shr(96, word), $MASK_32))),
              mul(mload(add(coefficient, 160)), and(shr(64, word), $MASK_32))),
            add(mul(mload(add(coefficient, 192)), and(shr(32, word), $MASK_32)),
              mul(mload(add(coefficient, 224)), and(word, $MASK_32)))
          )
          sum := add(and(sum, $WIDE_31), and(shr(31, sum), $WIDE_33))
          row := add(row, 32)
        }
        for { } lt(coefficient, end) { coefficient := add(coefficient, 128) } {
          let word := shr(128, calldataload(row))
          if gt(add(coefficient, 128), end) {
            // The last one to three values of the segment, in place of the others zeros: 32 bits for 32 bytes of coefficient.
            word := and(word, shl(sub(128, sub(end, coefficient)), not(0)))
          }
          if and(or(word, add(word, $ONES_128)), $TOPS_128) { reject($NON_CANONICAL) }
          sum := add(
            add(add(sum, mul(mload(coefficient), shr(96, word))),
              mul(mload(add(coefficient, 32)), and(shr(64, word), $MASK_32))),
            add(mul(mload(add(coefficient, 64)), and(shr(32, word), $MASK_32)),
              mul(mload(add(coefficient, 96)), and(word, $MASK_32)))
          )
          sum := add(and(sum, $WIDE_31), and(shr(31, sum), $WIDE_33))
          row := add(row, 16)
        }
      }
      /// Adds the columns with a next row, which sumColumns has found canonical, four at a time.
      function sumNext(row, next, count, from) -> coefficient {
        coefficient := from
        let sum := mload($ROW_NEXT)
        for { } gt(count, 3) { count := sub(count, 4) } {
          let columns := mload(next)
          sum := add(
            add(add(sum, nextProduct(row, shr(240, columns), coefficient)),
              nextProduct(row, and(shr(224, columns), 0xffff), add(coefficient, 32))),
            add(nextProduct(row, and(shr(208, columns), 0xffff), add(coefficient, 64)),
              nextProduct(row, and(shr(192, columns), 0xffff), add(coefficient, 96)))
          )
          sum := add(and(sum, $WIDE_31), and(shr(31, sum), $WIDE_33))
          next := add(next, 8)
          coefficient := add(coefficient, 128)
        }
        for { } count { count := sub(count, 1) } {
          sum := add(sum, nextProduct(row, shr(240, mload(next)), coefficient))
          sum := add(and(sum, $WIDE_31), and(shr(31, sum), $WIDE_33))
          next := add(next, 2)
          coefficient := add(coefficient, 32)
        }
        mstore($ROW_NEXT, sum)
      }
      function nextProduct(row, column, coefficient) -> y {
        y := mul(mload(coefficient), shr(224, calldataload(add(row, shl(2, column)))))
      }
      /// An element in lanes of 64 bits, with large lanes, in the usual ones.
      function narrow(x) -> y {
        x := add(and(x, $WIDE_31), and(shr(31, x), $WIDE_33))
        y := or(
          or(and(x, $MASK_64), shr(1, and(x, shl(64, $MASK_64)))),
          or(shr(2, and(x, shl(128, $MASK_64))), shr(3, and(x, shl(192, $MASK_64))))
        )
      }

      // ---------------------------------------------------------------------------------- points and inverses of a query

      /// (x, y) plus the generator of the subgroup of order 2^k.
      function addGenerator(x, y, k) -> x1, y1 {
        let g := shr(192, mload(add($PLAN_GENERATORS, mul(8, k))))
        let gx := shr(32, g)
        let gy := and(g, $MASK_32)
        x1 := mod(add(mul(x, gx), mul(sub($P, y), gy)), $P)
        y1 := mod(add(mul(x, gy), mul(y, gx)), $P)
      }
      /// (x, y) minus the generator.
      function subtractGenerator(x, y, k) -> x1, y1 {
        let g := shr(192, mload(add($PLAN_GENERATORS, mul(8, k))))
        let gx := shr(32, g)
        let gy := and(g, $MASK_32)
        x1 := mod(add(mul(x, gx), mul(y, gy)), $P)
        y1 := mod(add(mul(sub($P, x), gy), mul(y, gx)), $P)
      }
      function doubleX(x) -> y {
        y := mod(add(shl(1, mul(x, x)), sub($P, 1)), $P)
      }

      // At $INVERSES: first what is to be inverted, then the inverses: the norm of each point's denominator, then layer by
      // layer the coordinates that divide in its folds.

      /// Everything of a query that must be inverted, with one inversion. A position's bit j ≥ 1 adds the generator of order
      /// 2^j to that of order 2^(L+1), its bit 0 negates; so the leaf that holds it begins at the sum without the low bits.
      function prepareInverses(position) {
        let logDomain := mload($LOG_DOMAIN)
        let x, y := addGenerator(1, 0, add(logDomain, 1))
        let logFold := mload($LAYERS)
        for { let j := sub(logDomain, 1) } iszero(lt(j, logFold)) { j := sub(j, 1) } {
          if and(shr(j, position), 1) { x, y := addGenerator(x, y, j) }
        }
        mstore($BASE_X, x)
        mstore($BASE_Y, y)
        for { let j := sub(logFold, 1) } j { j := sub(j, 1) } {
          if and(shr(j, position), 1) { x, y := addGenerator(x, y, j) }
        }
        if and(position, 1) { y := sub($P, y) }
        mstore($QUERY_X, x)
        mstore($QUERY_Y, y)
        let to := $INVERSES
        let denominator := $DENOMINATORS
        for { let point := $POINTS } lt(point, mload($POINTS_END)) { point := add(point, $POINT_STRIDE) } {
          let d0 := mod(add(mload(add(point, 96)), add(mul(mload(add(point, 160)), x), mul(mload(add(point, 224)), y))), $P)
          let d1 := mod(add(mload(add(point, 128)), add(mul(mload(add(point, 192)), x), mul(mload(add(point, 256)), y))), $P)
          mstore(denominator, d0)
          mstore(add(denominator, 32), d1)
          mstore(to, addmod(mul(d0, d0), mul(d1, d1), $P))
          denominator := add(denominator, 64)
          to := add(to, 32)
        }
        invertAll(layerCoordinates(position, to))
      }

      /// The coordinates that divide in the folds of all layers, and the abscissa of the last polynomial.
      function layerCoordinates(position, from) -> to {
        to := from
        let logFold := mload($LAYERS)
        spread(mload($BASE_X), mload($BASE_Y), sub(logFold, 1), 1)
        // The first fold of all divides by y.
        for { let j := 0 } lt(j, shl(sub(logFold, 1), 1)) { j := add(j, 1) } {
          mstore(to, mload(add($SPREAD_Y, mul(32, j))))
          to := add(to, 32)
        }
        if gt(logFold, 1) {
          for { let j := 0 } lt(j, shl(sub(logFold, 2), 1)) { j := add(j, 1) } {
            mstore(add($SPREAD_X, mul(32, j)), mload(add($SPREAD_X, mul(64, j))))
          }
          to := writeAbscissas(to, sub(logFold, 1))
        }
        let doublings := sub(logFold, 1)
        let index := shr(logFold, position)
        for { let layer := add($LAYERS, $LAYER_STRIDE) } lt(layer, mload($LAYERS_END)) { layer := add(layer, $LAYER_STRIDE) } {
          logFold := mload(layer)
          doubleBase(doublings)
          // Now at position 2·index of its domain: go to where the leaf begins.
          let x := mload($BASE_X)
          let y := mload($BASE_Y)
          for { let j := 0 } lt(j, logFold) { j := add(j, 1) } {
            if and(shr(j, index), 1) { x, y := subtractGenerator(x, y, add(j, 1)) }
          }
          mstore($BASE_X, x)
          mstore($BASE_Y, y)
          spread(x, y, sub(logFold, 1), 2)
          to := writeAbscissas(to, logFold)
          doublings := logFold
          index := shr(logFold, index)
        }
        doubleBase(doublings)
      }
      function doubleBase(times) {
        let x := mload($BASE_X)
        let y := mload($BASE_Y)
        for { } times { times := sub(times, 1) } {
          y := mulmod(shl(1, x), y, $P)
          x := doubleX(x)
        }
        mstore($BASE_X, x)
        mstore($BASE_Y, y)
      }
      /// The 2^bits points (x, y) + Σ (bit b of j)·(generator of order 2^(k + b)), at $SPREAD_X and $SPREAD_Y.
      function spread(x, y, bits, k) {
        mstore($SPREAD_X, x)
        mstore($SPREAD_Y, y)
        for { let b := 0 } lt(b, bits) { b := add(b, 1) } {
          let offset := shl(b, 32)
          for { let j := 0 } lt(j, offset) { j := add(j, 32) } {
            let x1, y1 := addGenerator(mload(add($SPREAD_X, j)), mload(add($SPREAD_Y, j)), add(k, b))
            mstore(add($SPREAD_X, add(offset, j)), x1)
            mstore(add($SPREAD_Y, add(offset, j)), y1)
          }
        }
      }
      /// The abscissas at $SPREAD_X, 2^(folds - 1) of them, and those of the later folds: every second one doubled.
      function writeAbscissas(from, folds) -> to {
        to := from
        for { let count := shl(sub(folds, 1), 1) } count { } {
          for { let j := 0 } lt(j, count) { j := add(j, 1) } {
            mstore(to, mload(add($SPREAD_X, mul(32, j))))
            to := add(to, 32)
          }
          count := shr(1, count)
          for { let j := 0 } lt(j, count) { j := add(j, 1) } {
            mstore(add($SPREAD_X, mul(32, j)), doubleX(mload(add($SPREAD_X, mul(64, j)))))
          }
        }
      }
      /// Replaces everything from $INVERSES to an end by its inverse, four at a time.
      function invertAll(lastEnd) {
        mstore(lastEnd, 1)
        mstore(add(lastEnd, 32), 1)
        mstore(add(lastEnd, 64), 1)
        let end := add($INVERSES, and(add(sub(lastEnd, $INVERSES), 96), not(127)))
        let product := 1
        for { let at := $INVERSES } lt(at, end) { at := add(at, 128) } {
          mstore(add(at, $INVERSES_BYTES), product)
          product := mulmod(product, mload(at), $P)
          mstore(add(at, $INVERSES_BYTES+32), product)
          product := mulmod(product, mload(add(at, 32)), $P)
          mstore(add(at, $INVERSES_BYTES+64), product)
          product := mulmod(product, mload(add(at, 64)), $P)
          mstore(add(at, $INVERSES_BYTES+96), product)
          product := mulmod(product, mload(add(at, 96)), $P)
        }
        // Nothing of it is ever 0: points of the plan lie off the base field's circle, domains avoid x = 0 and y = 0.
        if iszero(product) { reject($DEGENERATE_CHALLENGE) }
        product := invert(product)
        for { let at := sub(end, 128) } iszero(lt(at, $INVERSES)) { at := sub(at, 128) } {
          product := invertOne(add(at, 96), product)
          product := invertOne(add(at, 64), product)
          product := invertOne(add(at, 32), product)
          product := invertOne(at, product)
        }
      }
      function invertOne(at, product) -> rest {
        rest := mulmod(product, mload(at), $P)
        mstore(at, mulmod(product, mload(add(at, $INVERSES_BYTES)), $P))
      }

      /// The joined quotient at the query's point, from the sums over its rows.
      function quotient() -> result {
        let all := mload($TALL_SUM)
        for { let point := $FIRST_SHORT_POINT } lt(point, mload($POINTS_END)) { point := add(point, $POINT_STRIDE) } {
          all := add(all, mload(add(point, 288)))
        }
        result := divided(narrow(all), $POINTS, 0)
        let point := add($POINTS, $POINT_STRIDE)
        if $NEXT_COUNT {
          result := add(result, divided(narrow(mload($ROW_NEXT)), point, 1))
          point := add(point, $POINT_STRIDE)
        }
        for { let i := add(1, iszero(iszero($NEXT_COUNT))) } lt(point, mload($POINTS_END)) { point := add(point, $POINT_STRIDE) } {
          let total := add(point, 288)
          result := add(result, multiply(mload(add(point, 64)), divided(narrow(mload(total)), point, i)))
          mstore(total, 0)
          i := add(i, 1)
        }
        result := fold(result)
      }
      /// (sum - slope·y - offset)/D at the query's point, for the i-th point of the plan.
      function divided(sum, point, i) -> y {
        let line := fold(add(scale(mload(point), mload($QUERY_Y)), mload(add(point, 32))))
        let norm := mload(add($INVERSES, mul(32, i)))
        let denominator := add($DENOMINATORS, mul(64, i))
        let d0 := mulmod(mload(denominator), norm, $P)
        let d1 := mulmod(sub($P, mload(add(denominator, 32))), norm, $P)
        y := multiply(subtract(sum, line), pack(d0, d1, 0, 0))
      }

      // ----------------------------------------------------------------------------------------------------- FRI

      function checkLayers(from, position, expectedValue) -> at {
        at := from
        let expected := expectedValue
        let index := position
        let inverses := sub(mload($POINTS_END), $POINTS)
        inverses := add($INVERSES, mul(32, div(inverses, $POINT_STRIDE)))
        for { let layer := $LAYERS } lt(layer, mload($LAYERS_END)) { layer := add(layer, $LAYER_STRIDE) } {
          let logFold := mload(layer)
          let count := shl(logFold, 1)
          pop(readElements(at, $VALUES, count))
          let leaf := hashLeaf(at, mul(16, count))
          at := checkLayerPath(leaf, shr(logFold, index), add(at, mul(16, count)), layer)
          if iszero(isZero(subtract(mload(add($VALUES, mul(32, and(index, sub(count, 1))))), expected))) {
            if eq(layer, $LAYERS) { reject($QUOTIENT) }
            reject($FRI_FOLD)
          }
          foldLeaf(layer, count, inverses)
          inverses := add(inverses, mul(32, sub(count, 1)))
          expected := mload($VALUES)
          index := shr(logFold, index)
        }
        if iszero(isZero(subtract(lastValue(), expected))) { reject($FRI_LAST_LAYER) }
      }
      function checkLayerPath(leaf, leafIndex, at, layer) -> end {
        end := add(at, mul(sub(mload(add(layer, 32)), mload(add(layer, 64))), $DIGEST_BYTES))
        let digest, index := climb(leaf, leafIndex, at, end)
        let top := mload(add(mload(add(layer, 96)), mul(index, $DIGEST_BYTES)))
        if and(xor(digest, top), $DIGEST_MASK) { reject($FRI_PATH) }
      }
      /// Folds the values at $VALUES into one: (a + b) + λ(a - b)/coordinate, with λ, λ², λ⁴ …
      function foldLeaf(layer, valueCount, from) {
        let inverses := from
        let coefficient := add(layer, 128)
        for { let count := shr(1, valueCount) } count { count := shr(1, count) } {
          let lambda := mload(coefficient)
          let pair := $VALUES
          let to := $VALUES
          for { let end := add(to, mul(32, count)) } lt(to, end) { to := add(to, 32) } {
            let a := mload(pair)
            let b := mload(add(pair, 32))
            // λ/coordinate; then the lanes of a - b need no folding, as they are below 2^36.
            let y := mul(lambda, mload(inverses))
            y := add(and(y, $LANES_31), and(shr(31, y), $LANES_32))
            y := add(add(a, b), multiply(y, sub(add(a, $OFFSET_LOOSE), b)))
            mstore(to, add(and(y, $LANES_31), and(shr(31, y), $LANES_32)))
            pair := add(pair, 64)
            inverses := add(inverses, 32)
          }
          coefficient := add(coefficient, 32)
        }
      }
      /// The last polynomial at the query's abscissa: Σ c_k·Π π^i(x)^(bit i of k), the three low bits of k in one go.
      function lastValue() -> value {
        let x := mload($BASE_X)
        mstore($WEIGHTS, 1)
        mstore($WEIGHTS+32, x)
        for { let size := 64 } lt(size, 256) { size := shl(1, size) } {
          x := doubleX(x)
          for { let k := 0 } lt(k, size) { k := add(k, 32) } {
            mstore(add($WEIGHTS, add(size, k)), mulmod(mload(add($WEIGHTS, k)), x, $P))
          }
        }
        // A polynomial of less than eight coefficients has zeros behind them in memory.
        let count := shr(3, add(shl(mload($LOG_LAST), 1), 7))
        for { let k := 0 } lt(k, count) { k := add(k, 1) } {
          mstore(add($BLOCKS, mul(32, k)), weighted(add($LAST_LAYER, mul(256, k))))
        }
        for { } gt(count, 1) { } {
          x := doubleX(x)
          count := shr(1, count)
          for { let k := 0 } lt(k, count) { k := add(k, 1) } {
            let from := add($BLOCKS, mul(64, k))
            mstore(add($BLOCKS, mul(32, k)), fold(add(mload(from), scale(mload(add(from, 32)), x))))
          }
        }
        value := mload($BLOCKS)
      }
      /// Σ coefficient·weight over eight coefficients with lanes below 2^31.
      function weighted(at) -> sum {
        sum := add(mul(mload(at), mload($WEIGHTS)), mul(mload(add(at, 32)), mload($WEIGHTS+32)))
        sum := add(and(sum, $LANES_31), and(shr(31, sum), $LANES_32))
        sum := add(add(sum, mul(mload(add(at, 64)), mload($WEIGHTS+64))), mul(mload(add(at, 96)), mload($WEIGHTS+96)))
        sum := add(and(sum, $LANES_31), and(shr(31, sum), $LANES_32))
        sum := add(add(sum, mul(mload(add(at, 128)), mload($WEIGHTS+128))), mul(mload(add(at, 160)), mload($WEIGHTS+160)))
        sum := add(and(sum, $LANES_31), and(shr(31, sum), $LANES_32))
        sum := add(add(sum, mul(mload(add(at, 192)), mload($WEIGHTS+192))), mul(mload(add(at, 224)), mload($WEIGHTS+224)))
        sum := add(and(sum, $LANES_31), and(shr(31, sum), $LANES_32))
      }
    }
    data "plan" hex"$PLAN_HEX"
    data "codeHashes" hex"$CODE_HASHES"
  }
}

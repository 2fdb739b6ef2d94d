// What a Cairo proof states, checked as packages/cairo-air/src/statement does: whether it means something, the public values
// that bind it to the proof's transcript, its bus entries (every public memory cell is two look-ups), and the claims that a
// registry of facts may keep once the proof is accepted. The core (StarkVerifier.yul) calls it; nothing here knows of proofs.
//
// A statement is the head of a proof file (packages/cairo-air/src/statement/proofFile.ts) without magic, version and layout,
// which are constants here; with a fixed program it begins behind the program. All words are big-endian.
// Words that begin with $ are put in by src/cairo/emitStatement.ts.
object "CairoStatement" {
  code {
    datacopy(0, dataoffset("runtime"), datasize("runtime"))
    return(0, datasize("runtime"))
  }
  object "runtime" {
    code {
      switch shr(224, calldataload(0))
      case $SELECTOR_PUBLIC_VALUES {
        readStatement(4)
        checkStatement()
        writePublicValues()
        return($OUT, add(32, $PUBLIC_BYTES))
      }
      case $SELECTOR_FRACTIONS {
        readStatement(add(4, add($CHALLENGE_BYTES, mul(32, $TABLE_COUNT))))
        checkHeights()
        let n, d := sumEntries()
        mstore(0, n)
        mstore(32, d)
        return(0, 64)
      }
      case $SELECTOR_CLAIMS {
        readStatement(4)
        checkStatement()
        let from := mload($HEAD_END)
        return(from, sub(writeClaims(from), from))
      }
      default { revert(0, 0) }

      /// Reverts with Rejected(code), as the core does.
      function reject(code) {
        mstore(0, shl(224, $SELECTOR_REJECTED))
        mstore(4, code)
        revert(0, 36)
      }
      /// Rejects what statementFault and heightFault find.
      function require(condition) {
        if iszero(condition) { reject($INVALID_STATEMENT) }
      }
      function word(at) -> value {
        value := shr(224, mload(at))
      }
      /// Properties of builtin i of PROVABLE_BUILTINS: cells per instance (0 when the layout does not prove it), rows per
      /// instance and index of its table, 32 bits each.
      function cellsPerInstance(i) -> cells {
        cells := shr(224, mload(add($BUILTINS, mul(12, i))))
      }
      function rowsPerInstance(i) -> rows {
        rows := shr(224, mload(add($BUILTINS+4, mul(12, i))))
      }
      function tableOf(i) -> table {
        table := shr(224, mload(add($BUILTINS+8, mul(12, i))))
      }

      // ------------------------------------------------------------------------------------------------- reading

      /// Lays the whole head at $HEAD, from constants and from the calldata behind `from`, and finds its parts.
      function readStatement(from) {
        datacopy($BUILTINS, dataoffset("builtins"), datasize("builtins"))
        datacopy($HEAD, dataoffset("prefix"), $PREFIX_BYTES)
        let at := add($HEAD, $PREFIX_BYTES)
        if $FIXED_PROGRAM { at := writeProgram(at) }
        let byteCount := sub(calldatasize(), from)
        if or(lt(calldatasize(), from), gt(byteCount, 0xffffffff)) { reject($NOT_A_CAIRO_PROOF) }
        calldatacopy(at, from, byteCount)
        mstore($HEAD_END, add(at, byteCount))

        at := add($HEAD, $PREFIX_BYTES)
        at := readList(at, 32, $PROGRAM)
        at := readList(at, 32, $OUTPUT)
        mstore($ENTRY, word(at))
        mstore($INITIAL_AP, word(add(at, 4)))
        mstore($FINAL_AP, word(add(at, 8)))
        at := readList(add(at, 12), 12, $TAKEN)
        at := readList(at, 12, $UNUSED)
        checkNames($TAKEN)
        checkNames($UNUSED)
        at := readList(at, 4, $IDS)
        if iszero(eq(at, mload($HEAD_END))) { reject($NOT_A_CAIRO_PROOF) }
      }
      /// The program that is a constant: its words, the short ones in 8 bytes, the others behind a word with the top bit.
      function writeProgram(at) -> end {
        mstore(at, shl(224, $PROGRAM_WORDS))
        end := add(at, 4)
        let from := $OUT
        datacopy(from, dataoffset("program"), datasize("program"))
        for { let last := add(end, mul(32, $PROGRAM_WORDS)) } lt(end, last) { end := add(end, 32) } {
          let value := shr(192, mload(from))
          from := add(from, 8)
          if shr(63, value) {
            value := mload(from)
            from := add(from, 32)
          }
          mstore(end, value)
        }
      }
      /// A counted list: at `place` the address of its first item, then their number. What lies behind the end of the head is
      /// read as zeros, and the last list then does not end where the head does.
      function readList(at, itemBytes, place) -> end {
        let count := word(at)
        mstore(place, add(at, 4))
        mstore(add(place, 32), count)
        end := add(add(at, 4), mul(count, itemBytes))
        if gt(end, mload($HEAD_END)) { reject($NOT_A_CAIRO_PROOF) }
      }
      function checkNames(place) {
        let at := mload(place)
        for { let end := add(at, mul(12, mload(add(place, 32)))) } lt(at, end) { at := add(at, 12) } {
          if iszero(lt(word(at), $BUILTIN_COUNT)) { reject($NOT_A_CAIRO_PROOF) }
        }
      }

      // -------------------------------------------------------------------------------------------------- checks

      /// What statementFault checks, and that ids fit the cells.
      function checkStatement() {
        if iszero($FIXED_PROGRAM) { checkFelts($PROGRAM) }
        checkFelts($OUTPUT)
        checkEntry()
        checkBuiltins()
        let initialAp := mload($INITIAL_AP)
        let finalAp := mload($FINAL_AP)
        let taken := mload($TAKEN+32)
        // Behind the program and before the segments, of which each layout has some, both are addresses.
        require(iszero(gt(add(add(mload($PROGRAM+32), $COMMITTED_WORDS), 3), initialAp)))
        require(iszero(lt(finalAp, add(initialAp, mul(2, taken)))))
        checkSegments(finalAp)
        checkUnused()
        let outputStart, outputLength := outputSegment()
        require(eq(mload($OUTPUT+32), outputLength))
        checkIds()
      }
      function checkFelts(place) {
        let at := mload(place)
        for { let end := add(at, mul(32, mload(add(place, 32)))) } lt(at, end) { at := add(at, 32) } {
          require(lt(mload(at), $PRIME))
        }
      }
      function isAddress(value) -> yes {
        yes := lt(sub(value, 1), sub($ADDRESS_BOUND, 1))
      }
      /// ap += builtins; call main; jmp rel 0.
      function checkEntry() {
        let entry := mload($ENTRY)
        // Another entry could lead to another main.
        if $FIXED_PROGRAM { require(eq(entry, $FIXED_ENTRY)) }
        require(iszero(gt(add(entry, 6), mload($PROGRAM+32))))
        let at := add(mload($PROGRAM), mul(32, entry))
        require(eq(mload(at), $AP_ADD))
        require(eq(mload(add(at, 32)), mload($TAKEN+32)))
        require(eq(mload(add(at, 64)), $CALL_REL))
        require(eq(mload(add(at, 128)), $JUMP_REL))
        require(iszero(mload(add(at, 160))))
      }
      /// Builtins that main takes are in order and proven; the other proven ones are the unused ones, in order.
      function checkBuiltins() {
        let seen := 0
        let at := mload($TAKEN)
        for { let end := add(at, mul(12, mload($TAKEN+32))) } lt(at, end) { at := add(at, 12) } {
          let bit := shl(word(at), 1)
          // Larger than all before: in order, and none twice.
          require(gt(bit, seen))
          seen := or(seen, bit)
        }
        // Output, builtin 0, needs no table.
        require(iszero(and(seen, not(or($PROVEN, 1)))))
        let left := and($PROVEN, not(seen))
        at := mload($UNUSED)
        for { let end := add(at, mul(12, mload($UNUSED+32))) } lt(at, end) { at := add(at, 12) } {
          let bit := shl(word(at), 1)
          // The lowest that is left.
          require(eq(bit, and(left, sub(0, left))))
          left := xor(left, bit)
        }
        require(iszero(left))
      }
      /// The i-th segment, those that main takes before the unused ones.
      function segmentAt(i) -> name, start, behind {
        let taken := mload($TAKEN+32)
        let at
        switch lt(i, taken)
        case 1 { at := add(mload($TAKEN), mul(12, i)) }
        default { at := add(mload($UNUSED), mul(12, sub(i, taken))) }
        name := word(at)
        start := word(add(at, 4))
        behind := word(add(at, 8))
      }
      /// In the order of their starts (of equal ones the first first), segments begin where the one before has ended or later.
      function checkSegments(firstFree) {
        let end := firstFree
        let count := add(mload($TAKEN+32), mload($UNUSED+32))
        let done := 0
        for { let k := 0 } lt(k, count) { k := add(k, 1) } {
          let least := 0x100000000
          let next := 0
          for { let i := 0 } lt(i, count) { i := add(i, 1) } {
            let name, start, behind := segmentAt(i)
            if and(iszero(and(shr(i, done), 1)), lt(start, least)) {
              least := start
              next := i
            }
          }
          done := or(done, shl(next, 1))
          let name, start, behind := segmentAt(next)
          require(and(isAddress(start), isAddress(behind)))
          require(iszero(or(lt(behind, start), lt(start, end))))
          let cells := cellsPerInstance(name)
          if cells { require(iszero(mod(sub(behind, start), cells))) }
          end := behind
        }
      }
      function checkUnused() {
        let at := mload($UNUSED)
        for { let end := add(at, mul(12, mload($UNUSED+32))) } lt(at, end) { at := add(at, 12) } {
          require(eq(word(add(at, 4)), word(add(at, 8))))
        }
      }
      /// Output is builtin 0: when main takes it, it comes first.
      function outputSegment() -> start, length {
        if mload($TAKEN+32) {
          let name, from, behind := segmentAt(0)
          if iszero(name) {
            start := from
            length := sub(behind, from)
          }
        }
      }
      function cellCount() -> count {
        count := add(add(mload($PROGRAM+32), mload($OUTPUT+32)), add(2, mul(2, mload($TAKEN+32))))
      }
      function checkIds() {
        require(eq(mload($IDS+32), cellCount()))
        let at := mload($IDS)
        for { let end := add(at, mul(4, mload($IDS+32))) } lt(at, end) { at := add(at, 4) } {
          require(lt(word(at), $P))
        }
      }
      /// What heightFault checks: the instances of each table cover its segment, in memory, beside the others.
      function checkHeights() {
        let count := add(mload($TAKEN+32), mload($UNUSED+32))
        let intervals := $OUT
        for { let i := 0 } lt(i, count) { i := add(i, 1) } {
          let name, start, behind := segmentAt(i)
          let cells := cellsPerInstance(name)
          if cells {
            let rows := shl(calldataload(add(add(4, $CHALLENGE_BYTES), mul(32, tableOf(name)))), 1)
            let perInstance := rowsPerInstance(name)
            require(iszero(gt(behind, add(start, mul(cells, div(rows, perInstance))))))
            let end := add(start, mul(cells, div(add(rows, sub(perInstance, 1)), perInstance)))
            require(iszero(gt(end, $ADDRESS_BOUND)))
            for { let other := $OUT } lt(other, intervals) { other := add(other, 64) } {
              require(or(iszero(lt(start, mload(add(other, 32)))), iszero(gt(end, mload(other)))))
            }
            mstore(intervals, start)
            mstore(add(intervals, 32), end)
            intervals := add(intervals, 64)
          }
        }
      }

      // ------------------------------------------------------------------------------------------------- answers

      /// The number of cells, each of which adds a use to two buses, then the public values as words of 32 bits: pc and ap of
      /// the first row and of the behind, the digest of the head in pieces of 16 bits, starts of the proven segments.
      function writePublicValues() {
        mstore($OUT, cellCount())
        let firstPc := add(1, mload($ENTRY))
        mstore($OUT+32, or(
          or(shl(224, firstPc), shl(192, mload($INITIAL_AP))),
          or(shl(160, add(firstPc, 4)), shl(128, mload($FINAL_AP)))
        ))
        let digest := keccak256($HEAD, sub(mload($HEAD_END), $HEAD))
        let at := $OUT+48
        for { let i := 0 } lt(i, 16) { i := add(i, 1) } {
          mstore(at, shl(224, shr(240, digest)))
          digest := shl(16, digest)
          at := add(at, 4)
        }
        for { let builtin := 1 } lt(builtin, $BUILTIN_COUNT) { builtin := add(builtin, 1) } {
          if and(shr(builtin, $PROVEN), 1) {
            mstore(at, shl(224, startOf(builtin)))
            at := add(at, 4)
          }
        }
      }
      function startOf(builtin) -> start {
        for { let i := 0 } 1 { i := add(i, 1) } {
          let name, from, behind := segmentAt(i)
          if eq(name, builtin) {
            start := from
            leave
          }
        }
      }

      /// Keccak-256 of (program hash, output root) for each program whose run is shown, from an address on; the output root is
      /// the Keccak-256 of the output's words.
      function writeClaims(from) -> end {
        switch $IS_BOOTLOADER
        case 0 {
          let programHash := $PROGRAM_HASH
          if iszero($FIXED_PROGRAM) { programHash := hashProgram() }
          end := writeClaim(from, programHash, mload($OUTPUT), mload($OUTPUT+32))
        }
        default { end := writeTasks(from) }
      }
      /// The claims of a bootloader's tasks. Its output is their number, then for each the number of its cells, its program's
      /// hash and its own output. A task could jump into the bootloader and write the outputs of others; only the hashes are
      /// beyond its reach. So with several tasks a claim says, too, who ran together: Keccak-256 of all hashes.
      function writeTasks(from) -> end {
        let at := mload($OUTPUT)
        let outputEnd := add(at, mul(32, mload($OUTPUT+32)))
        let count := mload(at)
        at := add(at, 32)
        let hashes := from
        for { let i := 0 } lt(i, count) { i := add(i, 1) } {
          require(iszero(gt(add(at, 64), outputEnd)))
          let size := mload(at)
          require(iszero(or(lt(size, 2), gt(size, div(sub(outputEnd, at), 32)))))
          mstore(hashes, mload(add(at, 32)))
          hashes := add(hashes, 32)
          at := add(at, mul(32, size))
        }
        require(eq(at, outputEnd))
        let all := keccak256(from, sub(hashes, from))
        end := from
        at := add(mload($OUTPUT), 32)
        for { } lt(at, outputEnd) { } {
          let size := mload(at)
          end := writeClaim(end, mload(add(at, 32)), add(at, 64), sub(size, 2))
          if gt(count, 1) {
            mstore(0, mload(sub(end, 32)))
            mstore(32, all)
            mstore(sub(end, 32), keccak256(0, 64))
          }
          at := add(at, mul(32, size))
        }
      }
      function writeClaim(to, programHash, output, count) -> end {
        mstore(0, programHash)
        mstore(32, keccak256(output, mul(32, count)))
        mstore(to, keccak256(0, 64))
        end := add(to, 32)
      }
      /// Keccak-256 of the words that SHARP hashes a program from: 0, offset of main, number and names of builtins, program.
      function hashProgram() -> digest {
        let from := mload($HEAD_END)
        let entry := mload($ENTRY)
        let taken := mload($TAKEN+32)
        mstore(from, 0)
        let main := mload(add(mload($PROGRAM), mul(32, add(entry, 3))))
        mstore(add(from, 32), addmod(add(entry, 2), main, $PRIME))
        mstore(add(from, 64), taken)
        let to := add(from, 96)
        datacopy($OUT, dataoffset("names"), datasize("names"))
        for { let i := 0 } lt(i, taken) { i := add(i, 1) } {
          let name, start, behind := segmentAt(i)
          mstore(to, shr(128, mload(add($OUT, mul(16, name)))))
          to := add(to, 32)
        }
        let bytes_ := mul(32, mload($PROGRAM+32))
        mcopy(to, mload($PROGRAM), bytes_)
        digest := keccak256(from, sub(add(to, bytes_), from))
      }

      // ------------------------------------------------------------------------------------------------- entries

      /// The sum of the fractions of all entries, as one: n/d. It is undefined exactly when d is 0.
      function sumEntries() -> n, d {
        let z := calldataload(4)
        // The buses' ids minus z, and the powers of alpha, with lanes that allow a sum of products with 31 and 28 times 9 bits.
        mstore($MEMORY_BASE, fold(sub(add($OFFSET_LOOSE, $MEMORY_ID), z)))
        mstore($LIMBS_BASE, fold(sub(add($OFFSET_LOOSE, $LIMBS_ID), z)))
        for { let i := 0 } lt(i, 29) { i := add(i, 1) } {
          mstore(add($ALPHAS, mul(32, i)), fold(calldataload(add(36, mul(32, i)))))
        }
        n := 0
        d := 1
        let ids := mload($IDS)
        n, d, ids := addCells(n, d, ids, 1, $PROGRAM)
        let initialAp := mload($INITIAL_AP)
        n, d := addCell(n, d, sub(initialAp, 2), word(ids), initialAp)
        n, d := addCell(n, d, sub(initialAp, 1), word(add(ids, 4)), 0)
        ids := add(ids, 8)
        let taken := mload($TAKEN+32)
        let finals := sub(mload($FINAL_AP), taken)
        for { let i := 0 } lt(i, taken) { i := add(i, 1) } {
          let name, start, behind := segmentAt(i)
          n, d := addCell(n, d, add(initialAp, i), word(ids), start)
          n, d := addCell(n, d, add(finals, i), word(add(ids, 4)), behind)
          ids := add(ids, 8)
        }
        let outputStart, outputLength := outputSegment()
        n, d, ids := addCells(n, d, ids, outputStart, $OUTPUT)
      }
      /// Adds the cells of a list, which lie from an address on.
      function addCells(n, d, ids, firstAddress, place) -> n1, d1, ids1 {
        n1 := n
        d1 := d
        ids1 := ids
        let address_ := firstAddress
        let at := mload(place)
        for { let end := add(at, mul(32, mload(add(place, 32)))) } lt(at, end) { at := add(at, 32) } {
          n1, d1 := addCell(n1, d1, address_, word(ids1), mload(at))
          ids1 := add(ids1, 4)
          address_ := add(address_, 1)
        }
      }
      /// n/d + 1/(memory, address, id) + 1/(limbs, id, value).
      function addCell(n, d, address_, id, value) -> n1, d1 {
        let cell := mload($MEMORY_BASE)
        let limbs := mload($LIMBS_BASE)
        cell := fold(add(add(cell, mul(address_, mload($ALPHAS))), mul(id, mload($ALPHAS+32))))
        limbs := add(limbs, mul(id, mload($ALPHAS)))
        let alpha := $ALPHAS+32
        for { let rest := value } rest { rest := shr(9, rest) } {
          limbs := add(limbs, mul(and(rest, 511), mload(alpha)))
          alpha := add(alpha, 32)
        }
        limbs := fold(limbs)
        let both := multiply(cell, limbs)
        n1 := fold(add(multiply(n, both), multiply(d, add(cell, limbs))))
        d1 := multiply(d, both)
      }
$FIELD
    }
    data "prefix" hex"$PREFIX_HEX"
    data "builtins" hex"$BUILTINS_HEX"
    data "names" hex"$NAMES_HEX"
    data "program" hex"$PROGRAM_HEX"
  }
}

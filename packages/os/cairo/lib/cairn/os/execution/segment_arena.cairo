// The builtin in software that counts the dictionaries of contracts.
from starkware.cairo.common.segments import relocate_segment

// One instance: how the counts stand now.
struct SegmentArenaBuiltin {
    infos: SegmentInfo*,
    // Dictionaries made so far.
    n_segments: felt,
    // Of these, how many have been squashed.
    n_finalized: felt,
}

struct SegmentInfo {
    start: felt*,
    end: felt*,
    // How many dictionaries were squashed before this one.
    finalization_index: felt,
}

// Checks the arenas of calls, from start to end: the dictionaries of each lie one behind the other. A dictionary that
// was squashed with the start of another would leave a gap or run over its neighbour. The host's memory takes a slow
// path after this where there are several dictionaries in a call: call it late.
func check_segment_arenas(start: SegmentArenaBuiltin*, end: SegmentArenaBuiltin*) {
    if (start == end) {
        return ();
    }
    check_dictionaries(infos=start.infos, left=start.n_segments);
    return check_segment_arenas(start=start + SegmentArenaBuiltin.SIZE, end=end);
}

func check_dictionaries(infos: SegmentInfo*, left) {
    if (left == 0) {
        return ();
    }
    if (left == 1) {
        return ();
    }
    relocate_segment(src_ptr=infos[1].start, dest_ptr=infos[0].end + 1);
    return check_dictionaries(infos=infos + SegmentInfo.SIZE, left=left - 1);
}

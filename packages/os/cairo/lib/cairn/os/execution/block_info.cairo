// What contracts see of a block, whole or blurred.
from starkware.cairo.common.math import unsigned_div_rem
from cairn.os.execution.block_context import BlockInfo

const BLOCK_NUMBER_ROUNDING = 100;
const TIMESTAMP_ROUNDING = 3600;

// The block as accounts see it while they validate, so that the outcome does not depend on when they do.
func blurred_block_info{range_check_ptr}(info: BlockInfo*) -> (blurred: BlockInfo*) {
    alloc_locals;
    let (local hundreds, _) = unsigned_div_rem(info.block_number, BLOCK_NUMBER_ROUNDING);
    let (hours, _) = unsigned_div_rem(info.block_timestamp, TIMESTAMP_ROUNDING);
    return (
        blurred=new BlockInfo(
            block_number=hundreds * BLOCK_NUMBER_ROUNDING,
            block_timestamp=hours * TIMESTAMP_ROUNDING,
            sequencer_address=0,
        ),
    );
}

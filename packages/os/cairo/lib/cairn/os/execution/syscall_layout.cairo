// Requests and responses as contracts write and read them. Each request begins with selector and gas, each response
// with gas and failure flag.
from cairn.os.execution.call_context import ExecutionInfo
from cairn.os.execution.curve_points import CurvePoint
from cairn.os.execution.sha2 import Sha2State
from starkware.cairo.common.uint256 import Uint256

struct RequestHeader {
    selector: felt,
    gas: felt,
}

struct ResponseHeader {
    gas: felt,
    failure_flag: felt,
}

// What stands in place of the response of a syscall that failed.
struct FailureResponse {
    gas: felt,
    failure_flag: felt,
    start: felt*,
    end: felt*,
}

struct StorageReadRequest {
    header: RequestHeader,
    address_domain: felt,
    key: felt,
}

struct StorageReadResponse {
    header: ResponseHeader,
    value: felt,
}

struct StorageWriteRequest {
    header: RequestHeader,
    address_domain: felt,
    key: felt,
    value: felt,
}

struct GetExecutionInfoResponse {
    header: ResponseHeader,
    execution_info: ExecutionInfo*,
}

struct EmitEventRequest {
    header: RequestHeader,
    keys_start: felt*,
    keys_end: felt*,
    data_start: felt*,
    data_end: felt*,
}

struct SendMessageToL1Request {
    header: RequestHeader,
    to_address: felt,
    payload_start: felt*,
    payload_end: felt*,
}

struct GetBlockHashRequest {
    header: RequestHeader,
    block_number: felt,
}

struct GetBlockHashResponse {
    header: ResponseHeader,
    block_hash: felt,
}

struct GetClassHashAtRequest {
    header: RequestHeader,
    contract_address: felt,
}

struct GetClassHashAtResponse {
    header: ResponseHeader,
    class_hash: felt,
}

struct ReplaceClassRequest {
    header: RequestHeader,
    class_hash: felt,
}

// Of call_contract, where target is an address, and of library_call, where it is a class hash.
struct CallRequest {
    header: RequestHeader,
    target: felt,
    selector: felt,
    calldata_start: felt*,
    calldata_end: felt*,
}

struct CallResponse {
    header: ResponseHeader,
    retdata_start: felt*,
    retdata_end: felt*,
}

struct MetaTxV0Request {
    header: RequestHeader,
    contract_address: felt,
    selector: felt,
    calldata_start: felt*,
    calldata_end: felt*,
    signature_start: felt*,
    signature_end: felt*,
}

// Of sha256_process_block and sha512_process_block.
struct Sha2Request {
    header: RequestHeader,
    state: Sha2State*,
    block: felt*,
}

struct Sha2Response {
    header: ResponseHeader,
    state: Sha2State*,
}

struct KeccakRequest {
    header: RequestHeader,
    input_start: felt*,
    input_end: felt*,
}

struct KeccakResponse {
    header: ResponseHeader,
    low: felt,
    high: felt,
}

struct CurveNewRequest {
    header: RequestHeader,
    x: Uint256,
    y: Uint256,
}

struct CurveGetPointFromXRequest {
    header: RequestHeader,
    x: Uint256,
    is_odd: felt,
}

struct CurveAddRequest {
    header: RequestHeader,
    first: CurvePoint*,
    second: CurvePoint*,
}

struct CurveMulRequest {
    header: RequestHeader,
    point: CurvePoint*,
    scalar: Uint256,
}

struct CurveGetXyRequest {
    header: RequestHeader,
    point: CurvePoint*,
}

// The point is 0 where there is none.
struct CurveOptionResponse {
    header: ResponseHeader,
    is_none: felt,
    point: CurvePoint*,
}

struct CurvePointResponse {
    header: ResponseHeader,
    point: CurvePoint*,
}

struct CurveGetXyResponse {
    header: ResponseHeader,
    x: Uint256,
    y: Uint256,
}

struct DeployRequest {
    header: RequestHeader,
    class_hash: felt,
    salt: felt,
    calldata_start: felt*,
    calldata_end: felt*,
    deploy_from_zero: felt,
}

struct DeployResponse {
    header: ResponseHeader,
    contract_address: felt,
    retdata_start: felt*,
    retdata_end: felt*,
}

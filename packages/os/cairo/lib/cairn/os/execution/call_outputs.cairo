from cairn.os.execution.carried_outputs import MessageToL1
from cairn.os.execution.keccak import KeccakJob
from cairn.os.execution.transaction_record import EventRecord

// What calls give to the outside: where the next message and event will stand, and what they cost.
struct CallOutputs {
    messages_to_l1: MessageToL1*,
    message_count: felt,
    // Felts of all payloads.
    payload_felts: felt,
    events: EventRecord*,
    // Events since the phase of the transaction began, for their limit.
    event_count: felt,
    // Felts of all events; keys count twice.
    event_felts: felt,
    // Permutations to be proven; those of undone calls too.
    keccak_jobs: KeccakJob*,
}

// Whether the outputs of a call are kept is known before they are collected: those of an undone one go elsewhere.
func discarded_outputs(outputs: CallOutputs*) -> (discarded: CallOutputs*) {
    tempvar messages_to_l1: MessageToL1* = nondet %{ cairn.alloc.new_segment %};
    tempvar events: EventRecord* = nondet %{ cairn.alloc.new_segment %};
    return (
        discarded=new CallOutputs(
            messages_to_l1=messages_to_l1,
            message_count=outputs.message_count,
            payload_felts=outputs.payload_felts,
            events=events,
            event_count=outputs.event_count,
            event_felts=outputs.event_felts,
            keccak_jobs=outputs.keccak_jobs,
        ),
    );
}

// The outputs with another end of the permutations.
func with_keccak_jobs(outputs: CallOutputs*, keccak_jobs: KeccakJob*) -> (outputs: CallOutputs*) {
    return (
        outputs=new CallOutputs(
            messages_to_l1=outputs.messages_to_l1,
            message_count=outputs.message_count,
            payload_felts=outputs.payload_felts,
            events=outputs.events,
            event_count=outputs.event_count,
            event_felts=outputs.event_felts,
            keccak_jobs=keccak_jobs,
        ),
    );
}

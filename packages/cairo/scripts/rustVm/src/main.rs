//! Reads lines `{"program": <program JSON>, "trace": bool}` and answers each with the steps per second of one run.

use std::io::{self, BufRead, Write};
use std::time::Instant;

use cairo_vm::hint_processor::builtin_hint_processor::builtin_hint_processor_definition::BuiltinHintProcessor;
use cairo_vm::types::layout_name::LayoutName;
use cairo_vm::types::program::Program;
use cairo_vm::vm::runners::cairo_runner::CairoRunner;

fn steps_per_second(program: &Program, with_trace: bool) -> f64 {
    let mut runner = CairoRunner::new(program, LayoutName::plain, None, false, with_trace, false)
        .expect("the layout suits the program");
    let end = runner.initialize(false).expect("the program can start");
    let mut hints = BuiltinHintProcessor::new_empty();
    let start = Instant::now();
    runner.run_until_pc(end, &mut hints).expect("the program ends");
    let seconds = start.elapsed().as_secs_f64();
    runner.vm.get_current_step() as f64 / seconds
}

fn main() {
    for line in io::stdin().lock().lines() {
        let request: serde_json::Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let bytes = serde_json::to_vec(&request["program"]).expect("JSON");
        let program = Program::from_bytes(&bytes, Some("main")).expect("a program");
        println!("{}", steps_per_second(&program, request["trace"].as_bool().unwrap_or(false)));
        io::stdout().flush().expect("an open output");
    }
}

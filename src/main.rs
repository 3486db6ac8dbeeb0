//! The door: parse, call, exit code.

fn main() -> std::process::ExitCode {
    model_collapse::cli::main()
}

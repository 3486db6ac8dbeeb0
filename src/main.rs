//! The door: parse, call, exit code.

fn main() -> std::process::ExitCode {
    #[cfg(feature = "neural")]
    model_collapse::model::neural::on_one_thread();
    model_collapse::cli::main()
}

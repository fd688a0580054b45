//! The binary `standout`: the service and its commands. What they do is in the library.

fn main() -> std::process::ExitCode {
    standout::cli::run()
}

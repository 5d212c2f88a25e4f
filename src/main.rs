//! The program: arguments to subcommand or window.

use std::process::ExitCode;

fn main() -> ExitCode {
    motscope::cli::main()
}

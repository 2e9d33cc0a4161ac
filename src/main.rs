//! The `tilegate` program: arguments in, exit status out.

fn main() -> std::process::ExitCode {
    tilegate::cli::run()
}

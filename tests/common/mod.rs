//! The commands of the README, for the tests that run them.

/// The words of each `motscope` line in the README's shell blocks, without the first.
pub fn readme_commands() -> Vec<Vec<String>> {
    let text = include_str!("../../README.md");
    let mut commands = Vec::new();
    let mut in_shell = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_shell = line == "```sh";
        } else if in_shell && (line == "motscope" || line.starts_with("motscope ")) {
            commands.push(words(line).split_off(1));
        }
    }
    assert!(commands.len() > 6, "the README has commands");
    commands
}

/// Whether a command opens the window.
pub fn opens_window(command: &[String]) -> bool {
    const SUBCOMMANDS: [&str; 6] = ["info", "frame", "predict", "profile", "generate", "render"];
    command.first().is_none_or(|first| !SUBCOMMANDS.contains(&first.as_str()))
}

/// Words as a shell splits them, as far as single quotes go.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            letter => words.last_mut().expect("a word").push(letter),
        }
    }
    words
}

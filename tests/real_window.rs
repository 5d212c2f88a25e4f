//! The real binary in a real window, under a virtual display.
//!
//! Needs Xvfb, xdotool and `ImageMagick`; without them the test is passed over, unless
//! `MOTSCOPE_NEED_XVFB` is set, as `scripts/test` does after installing them.
#![cfg(target_os = "linux")]

mod common;

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Ends the process with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn tools_are_missing() -> bool {
    let exists = |tool: &str| {
        let found = Command::new("sh").args(["-c", &format!("command -v {tool}")]).output();
        found.is_ok_and(|output| output.status.success())
    };
    let missing: Vec<&str> =
        ["Xvfb", "xdotool", "import"].into_iter().filter(|tool| !exists(tool)).collect();
    assert!(
        missing.is_empty() || std::env::var_os("MOTSCOPE_NEED_XVFB").is_none(),
        "{missing:?} are missing"
    );
    if !missing.is_empty() {
        eprintln!("passed over: {missing:?} are missing");
    }
    !missing.is_empty()
}

struct Display {
    name: String,
    _server: Process,
    /// Kept open, or the server would have nobody to write to.
    _out: BufReader<std::process::ChildStdout>,
    home: tempfile::TempDir,
}

impl Display {
    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            // Without -noreset the server begins anew whenever its last client leaves, and xdotool
            // comes and goes.
            .args(["-displayfd", "1", "-noreset", "-screen", "0", "1280x800x24"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut number = String::new();
        let out = server.stdout.take().expect("piped");
        let mut out = BufReader::new(out);
        out.read_line(&mut number).expect("a display number");
        let home = tempfile::tempdir().expect("a folder");
        Self { name: format!(":{}", number.trim()), _server: Process(server), _out: out, home }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.name)
            .env("XDG_RUNTIME_DIR", self.home.path())
            .env("XDG_DATA_HOME", self.home.path())
            .env_remove("WAYLAND_DISPLAY");
        command
    }

    fn motscope(&self, arguments: &[String]) -> Process {
        let mut command = self.command(env!("CARGO_BIN_EXE_motscope"));
        command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
        Process(command.spawn().expect("motscope starts"))
    }

    /// Waits for a window with such a title.
    fn window(&self, title: &str) -> String {
        let patience = Instant::now() + Duration::from_mins(1);
        loop {
            let mut search = self.command("xdotool");
            let found = search.args(["search", "--name", title]).output().expect("xdotool");
            let ids = String::from_utf8_lossy(&found.stdout).into_owned();
            if let Some(id) = ids.lines().next() {
                return id.to_owned();
            }
            assert!(Instant::now() < patience, "no window is called {title:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn press(&self, window: &str, key: &str) {
        let pressed = self
            .command("xdotool")
            .args(["windowfocus", "--sync", window, "key", key])
            .status()
            .expect("xdotool");
        assert!(pressed.success());
    }

    fn look(&self, name: &str) -> image::RgbImage {
        let path = self.home.path().join(name);
        let path: &Path = path.as_ref();
        let taken = self.command("import").args(["-window", "root"]).arg(path).status();
        assert!(taken.expect("import").success());
        image::open(path).expect("a picture").into_rgb8()
    }

    /// Waits for a picture that differs from `before` in more than some pixels.
    fn changed_from(&self, before: &image::RgbImage) -> image::RgbImage {
        let patience = Instant::now() + Duration::from_secs(30);
        loop {
            let after = self.look("after.png");
            let changed = before.pixels().zip(after.pixels()).filter(|(a, b)| a != b).count();
            if changed > 500 {
                return after;
            }
            assert!(Instant::now() < patience, "the picture stays the same");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn the_demo_is_walked_with_keys_and_settings_last() {
    if tools_are_missing() {
        return;
    }
    let display = Display::start();
    let mut program = display.motscope(&[]);
    let window = display.window("demo .* frame 1 ");
    // The title comes before the first picture of the window.
    let blank = image::RgbImage::new(1280, 800);
    display.changed_from(&blank);
    std::thread::sleep(Duration::from_millis(500));
    let first = display.look("first.png");
    display.press(&window, "Right");
    display.window("demo .* frame 2 ");
    let second = display.changed_from(&first);
    display.press(&window, "End");
    display.window("demo .* frame 100 ");
    display.changed_from(&second);
    // To the light theme, and out.
    display.press(&window, "t");
    std::thread::sleep(Duration::from_millis(500));
    display.press(&window, "ctrl+q");
    let patience = Instant::now() + Duration::from_secs(20);
    while program.0.try_wait().expect("its state").is_none() {
        assert!(Instant::now() < patience, "Ctrl+Q does not end it");
        std::thread::sleep(Duration::from_millis(50));
    }
    let _again = display.motscope(&[]);
    display.window("demo .* frame 1 ");
    let patience = Instant::now() + Duration::from_secs(20);
    // The menu bar is light now.
    while display.look("light.png").get_pixel(900, 8).0.iter().any(|channel| *channel < 200) {
        assert!(Instant::now() < patience, "the theme was forgotten");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn the_commands_of_the_readme_open_windows() {
    if tools_are_missing() {
        return;
    }
    for command in common::readme_commands().iter().filter(|c| common::opens_window(c)) {
        let display = Display::start();
        let _program = display.motscope(command);
        let wanted = if command.contains(&"40".to_owned()) { 40 } else { 1 };
        display.window(&format!("demo .* frame {wanted} "));
    }
}

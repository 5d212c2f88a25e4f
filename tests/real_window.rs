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

    fn motscope_with(&self, arguments: &[String]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_motscope"));
        command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
        command
    }

    fn motscope(&self, arguments: &[String]) -> Process {
        Process(self.motscope_with(arguments).spawn().expect("motscope starts"))
    }

    /// Where a window is: left, top, width, height.
    fn place(&self, window: &str) -> [i32; 4] {
        let mut ask = self.command("xdotool");
        let told = ask.args(["getwindowgeometry", "--shell", window]).output().expect("xdotool");
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let value = |name: &str| {
            let line = told.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
            line.and_then(|value| value.parse().ok()).expect("a number")
        };
        ["X", "Y", "WIDTH", "HEIGHT"].map(value)
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

fn ends(program: &mut Process) -> std::process::ExitStatus {
    let patience = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(status) = program.0.try_wait().expect("its state") {
            return status;
        }
        assert!(Instant::now() < patience, "it does not end");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn it_opens_where_it_is_seen_though_it_was_closed_elsewhere() {
    if tools_are_missing() {
        return;
    }
    let display = Display::start();
    let mut program = display.motscope(&[]);
    let window = display.window("demo .* frame 1 ");
    display.changed_from(&image::RgbImage::new(1280, 800));
    // As on a second monitor to the right, which is then unplugged.
    let moved = ["windowmove", "--sync", &window, "1100", "300"];
    assert!(display.command("xdotool").args(moved).status().expect("xdotool").success());
    display.press(&window, "ctrl+q");
    ends(&mut program);
    let _again = display.motscope(&[]);
    let window = display.window("demo .* frame 1 ");
    let patience = Instant::now() + Duration::from_secs(20);
    loop {
        let [left, top, width, height] = display.place(&window);
        if left >= 0 && top >= 0 && left + width <= 1280 && top + height <= 800 {
            return;
        }
        let place = [left, top, width, height];
        assert!(Instant::now() < patience, "it is out of sight: {place:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn without_a_driver_it_draws_by_what_there_is_or_says_what_to_install() {
    if tools_are_missing() {
        return;
    }
    let no_vulkan = ("VK_ICD_FILENAMES", "/nonexistent");
    let no_opengl = [
        ("LIBGL_DRIVERS_PATH", "/nonexistent"),
        ("__EGL_VENDOR_LIBRARY_FILENAMES", "/nonexistent"),
    ];
    let display = Display::start();
    let mut without = display.motscope_with(&[]);
    without.env(no_vulkan.0, no_vulkan.1).envs(no_opengl).stderr(Stdio::piped());
    let mut program = Process(without.spawn().expect("motscope starts"));
    let mut told = String::new();
    let mut errors = program.0.stderr.take().expect("piped");
    std::thread::scope(|scope| {
        // A driver that heeds none of these opens the window.
        let opened = scope.spawn(|| {
            let patience = Instant::now() + Duration::from_secs(20);
            while program.0.try_wait().expect("its state").is_none() && Instant::now() < patience {
                std::thread::sleep(Duration::from_millis(50));
            }
            let status = program.0.try_wait().expect("its state");
            drop(program);
            status
        });
        std::io::Read::read_to_string(&mut errors, &mut told).expect("text");
        if let Some(status) = opened.join().expect("no panic") {
            assert_eq!(status.code(), Some(1), "{told}");
            assert!(told.contains("mesa-vulkan-drivers") && !told.contains("panicked"), "{told}");
        }
    });
    let mut by_opengl = display.motscope_with(&[]);
    by_opengl.env(no_vulkan.0, no_vulkan.1);
    let _program = Process(by_opengl.spawn().expect("motscope starts"));
    display.window("demo .* frame 1 ");
}

#[test]
fn a_display_that_does_not_answer_is_named() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_motscope"));
    command.env("DISPLAY", ":7654").env_remove("WAYLAND_DISPLAY");
    let output = command.output().expect("motscope starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("the display ':7654' does not answer"), "{told}");
    assert!(!told.contains(".rs:") && !told.contains("panicked"), "{told}");
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

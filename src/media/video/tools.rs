//! The FFmpeg programs: where they are, and how they are started.
//!
//! Hostile names and files: a path is handed over absolute and behind `file:`, so that one that
//! begins with a dash or looks like an address is neither an option nor fetched, and only the `file`
//! protocol is allowed, so that a play list can't reach out either.

use super::VideoError;
use std::{
    ffi::OsString,
    io::{self, Read as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, OnceLock},
    thread,
    time::{Duration, Instant},
};

/// The programs `ffmpeg` and `ffprobe`.
#[derive(Debug)]
pub struct Ffmpeg {
    decoder: PathBuf,
    prober: PathBuf,
    /// How a version says that no frame is to be dropped or doubled.
    passthrough: &'static str,
    /// What they say of themselves.
    version: String,
    /// How a version is told to leave every picture its size; nothing where it can't be.
    own_sizes: &'static [&'static str],
}

/// What is to be decoded.
pub(super) struct Decoding<'a> {
    pub path: &'a Path,
    /// The number of the stream in the file.
    pub stream: u32,
    /// Whether its pixels can't be transparent.
    pub opaque: bool,
    /// Whether it leaves the machine to others: at low priority and on one thread.
    pub polite: bool,
    /// Where to begin, in seconds; `None`: at the start of the file.
    pub seconds: Option<f64>,
    /// Pictures with earlier time stamps are decoded and not handed out.
    pub from: Option<i64>,
}

/// A folder to look in before all others.
const FOLDER: &str = "MOTSCOPE_FFMPEG";
/// What a program is given for an answer that takes no decoding.
const PATIENCE: Duration = Duration::from_secs(20);

impl Ffmpeg {
    /// Looks for the programs: in the folder that the variable `MOTSCOPE_FFMPEG` names, on the search
    /// path, and beside motscope itself. Found once, they are not looked for again.
    ///
    /// # Errors
    /// [`VideoError::NoFfmpeg`].
    pub fn find() -> Result<Arc<Self>, VideoError> {
        static FOUND: OnceLock<Arc<Ffmpeg>> = OnceLock::new();
        if let Some(found) = FOUND.get() {
            return Ok(Arc::clone(found));
        }
        let own = std::env::current_exe().ok();
        let folders = [
            std::env::var_os(FOLDER).map(PathBuf::from),
            Some(PathBuf::new()),
            own.and_then(|own| Some(own.parent()?.to_owned())),
        ];
        let found = folders.into_iter().flatten().find_map(|folder| Self::at(&folder).ok());
        let found = Arc::new(found.ok_or(VideoError::NoFfmpeg)?);
        Ok(Arc::clone(FOUND.get_or_init(|| found)))
    }

    /// The programs in a folder; in an empty path, those of the search path.
    ///
    /// # Errors
    /// [`VideoError::NoFfmpeg`] where they do not answer.
    pub fn at(folder: &Path) -> Result<Self, VideoError> {
        let decoder = folder.join("ffmpeg");
        let prober = folder.join("ffprobe");
        let mut asked = quiet(&decoder);
        asked.arg("-version");
        let answer = answer(asked, PATIENCE, || false).map_err(|_| VideoError::NoFfmpeg)?;
        let mut probe = quiet(&prober);
        probe.arg("-version");
        self::answer(probe, PATIENCE, || false).map_err(|_| VideoError::NoFfmpeg)?;
        let passthrough = if is_before(&answer, (5, 1)) { "-vsync" } else { "-fps_mode" };
        let own_sizes: &[&str] =
            if is_before(&answer, (4, 4)) { &[] } else { &["-autoscale", "0"] };
        let version = answer.lines().next().unwrap_or_default().to_owned();
        Ok(Self { decoder, prober, passthrough, version, own_sizes })
    }

    /// What the programs say of their version.
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// Begins a decoding to opaque RGBA pictures, each in its own size. What is read comes out of
    /// standard output in the given format, and what is told of each picture out of standard error.
    pub(super) fn decoding(&self, what: &Decoding<'_>, format: &str) -> Command {
        let mut command = polite(&self.decoder, what.polite);
        command.args(["-nostdin", "-nostats", "-hide_banner", "-v", "level+info"]);
        command.args(["-protocol_whitelist", "file", "-copyts"]);
        if let Some(seconds) = what.seconds {
            command.args(["-noaccurate_seek", "-seek_timestamp", "1", "-ss"]);
            // Upwards, or it would be before the picture that is meant.
            command.arg(format!("{:.6}", (seconds * 1e6).ceil() / 1e6));
        }
        if what.polite {
            command.args(["-threads", "1"]);
        }
        command.arg("-i").arg(input(what.path));
        command.args(["-map", &format!("0:{}", what.stream), "-an", "-sn", "-dn"]);
        command.args(self.own_sizes);
        let select = what.from.map_or(String::new(), |pts| format!("select=gte(pts\\,{pts}),"));
        // What is transparent keeps its colour, as in a player: it is not mixed with black.
        let opaque = if what.opaque { "" } else { "format=rgb24," };
        command.args(["-vf", &format!("{select}{opaque}format=rgba,showinfo=checksum=0")]);
        command.args([self.passthrough, "passthrough", "-f", format, "-"]);
        command
    }

    /// Asks `ffprobe` about `path`, or about one stream of it; the answer is text.
    pub(super) fn probe(
        &self,
        path: &Path,
        stream: Option<u32>,
        entries: &str,
        form: &str,
    ) -> Command {
        let mut command = quiet(&self.prober);
        command.args(["-v", "error", "-protocol_whitelist", "file"]);
        if let Some(stream) = stream {
            command.args(["-select_streams", &stream.to_string()]);
        }
        command.args(["-show_entries", entries, "-of", form, "-i"]).arg(input(path));
        command
    }

    /// A command that takes pictures on its standard input, row by row as RGBA, and makes a video of
    /// them. A pipe is not `seekable`.
    #[must_use]
    pub fn encoding(&self, out: &Path, size: [u32; 2], rate: f64, seekable: bool) -> Command {
        let mut command = quiet(&self.decoder);
        // Without these it would end well although the disk is full.
        command.args(["-xerror", "-nostats", "-hide_banner", "-v", "error", "-y"]);
        command.args(["-f", "rawvideo"]);
        command.args(["-pix_fmt", "rgba", "-video_size", &format!("{}x{}", size[0], size[1])]);
        command.args(["-framerate", &rate.to_string(), "-i", "-"]);
        // Most players take nothing but even sides and this form of colours.
        command.args(["-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p"]);
        let has_ending = |ending| out.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending));
        if ["mp4", "m4v", "mov"].into_iter().any(has_ending) {
            // Their table of contents comes first; in a pipe, in parts.
            let whole = if seekable { "+faststart" } else { "+frag_keyframe+empty_moov" };
            command.args(["-movflags", whole]);
        }
        command.args(["-metadata", &format!("comment={}", crate::storage::DRAWN)]);
        command.args(["-flush_packets", "1"]);
        command.arg(input(out)).stdin(Stdio::piped()).stdout(Stdio::null());
        command
    }
}

/// Why an encoder failed, of all that it complained of.
#[must_use]
pub fn why_not_encoded(complaint: &str) -> Option<&str> {
    /// What only says that it failed.
    const NO_REASON: [&str; 3] =
        ["Error initializing output stream", "Conversion failed", "Last message repeated"];
    /// What stands before the system's reason.
    const OF_SYSTEM: [&str; 4] = [
        "av_interleaved_write_frame()",
        "Error writing trailer",
        "Could not write header",
        "Error opening output",
    ];
    let says = |line: &&str| !line.is_empty() && !NO_REASON.iter().any(|no| line.starts_with(no));
    let last = complaint.lines().map(str::trim).rfind(says)?;
    let of_system = OF_SYSTEM.iter().any(|begin| last.starts_with(begin));
    let reason = last.rsplit_once(": ").filter(|_| of_system).map_or(last, |(_, reason)| reason);
    Some(reason.trim_end_matches('.'))
}

/// The path as FFmpeg takes it, whatever its name.
fn input(path: &Path) -> OsString {
    let path = crate::storage::absolute(path);
    let mut input = OsString::from("file:");
    input.push(path);
    input
}

fn is_before(answer: &str, version: (u32, u32)) -> bool {
    // 'ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright …'; builds of their own kind are new.
    let said = answer.split_whitespace().nth(2).unwrap_or_default();
    let mut numbers = said.trim_start_matches('n').split(|c: char| !c.is_ascii_digit());
    let mut number = || numbers.next().and_then(|digits| digits.parse::<u32>().ok());
    match (number(), number()) {
        (Some(major), minor) => (major, minor.unwrap_or(0)) < version,
        (None, _) => false,
    }
}

fn quiet(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    without_console(&mut command);
    command
}

/// Work that nobody waits for leaves the cores to what somebody does wait for.
fn polite(program: &Path, background: bool) -> Command {
    if !cfg!(unix) || !background {
        return quiet(program);
    }
    let mut command = quiet(Path::new("nice"));
    command.args(["-n", "19"]).arg(program);
    command
}

#[cfg(windows)]
fn without_console(command: &mut Command) {
    use std::os::windows::process::CommandExt as _;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    command.creation_flags(CREATE_NO_WINDOW);
}

#[cfg(not(windows))]
fn without_console(_: &mut Command) {}

/// What a program writes, up to 256 MB; the error is all that it complained of.
pub(super) fn answer(
    mut command: Command,
    patience: Duration,
    stopped: impl Fn() -> bool,
) -> io::Result<String> {
    const MOST: u64 = 256 << 20;
    let mut child = Ended(command.spawn()?);
    let (out, err) = (child.0.stdout.take(), child.0.stderr.take());
    let out = thread::spawn(move || read_text(out, MOST));
    let err = thread::spawn(move || read_text(err, 64 << 10));
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.0.try_wait()? {
            break status;
        }
        // It blocks on writing where its answer is too long, and is ended then as well.
        if stopped() {
            return Err(io::Error::other("nobody waits for it any more"));
        }
        if began.elapsed() > patience {
            let text = format!("it gave no answer for {} s", patience.as_secs());
            return Err(io::Error::new(io::ErrorKind::TimedOut, text));
        }
        thread::sleep(Duration::from_millis(3));
    };
    let (out, err) = (out.join().unwrap_or_default(), err.join().unwrap_or_default());
    if status.success() {
        return Ok(out);
    }
    Err(io::Error::other(err.trim_end().to_owned()))
}

fn read_text(pipe: Option<impl io::Read>, most: u64) -> String {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        // What came before an error counts.
        let _ = pipe.take(most).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A process that does not outlive whoever holds it.
pub(super) struct Ended(pub Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_apart() {
        assert!(is_before("ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright", (5, 1)));
        assert!(is_before("ffmpeg version 5.0 Copyright", (5, 1)));
        assert!(!is_before("ffmpeg version 5.1.9-0+deb12u1 Copyright", (5, 1)));
        assert!(!is_before("ffmpeg version n7.1 Copyright", (5, 1)));
        assert!(!is_before("ffmpeg version N-109542-g1bf1a5c3 Copyright", (5, 1)));
    }

    #[test]
    fn odd_names_are_no_options_and_no_addresses() {
        let text = |name: &str| input(Path::new(name)).to_string_lossy().into_owned();
        assert!(text("-i.mp4").starts_with("file:/") || cfg!(windows));
        assert!(text("http://host/a.mp4").starts_with("file:/") || cfg!(windows));
    }

    #[test]
    fn a_full_disk_is_what_an_encoder_says_it_is() {
        let full = "No space left on device";
        for complaint in [
            "Could not write header for output file #0 (incorrect codec parameters ?): No space left \
             on device\nError initializing output stream 0:0 -- \n",
            "av_interleaved_write_frame(): No space left on device\n    Last message repeated 24 times\n",
            "Error writing trailer of file:/a: b/x.mkv: No space left on device\n",
        ] {
            assert_eq!(why_not_encoded(complaint), Some(full), "{complaint}");
        }
        assert_eq!(why_not_encoded("[a] no: such codec.\n"), Some("[a] no: such codec"));
        assert_eq!(why_not_encoded("\n"), None);
    }

    #[test]
    fn what_is_not_there_is_said_to_be_missing() {
        let error = Ffmpeg::at(Path::new("/nowhere")).expect_err("nothing is there");
        assert!(error.to_string().contains("apt install ffmpeg"), "{error}");
    }
}

//! The mapping, and the handler that makes it safe to read while the file is cut short. The only
//! unsafe code there is.

use memmap2::{MmapOptions, MmapRaw};
use std::{
    ffi::{c_int, c_void},
    fs::File,
    iter::successors,
    ptr,
    sync::{
        Once, OnceLock,
        atomic::{
            AtomicBool, AtomicU64, AtomicUsize,
            Ordering::{Acquire, Relaxed, SeqCst},
            fence,
        },
    },
};

#[cfg(target_os = "linux")]
use libc::__errno_location as errno;
#[cfg(target_os = "macos")]
use libc::__error as errno;

const WORD: usize = size_of::<u64>();
/// Mapped files that the handler watches without further memory.
const CHUNK: usize = 32;
/// How much is made present at a time: a thread that maps something else has to wait for it.
#[cfg(target_os = "linux")]
const STEP: usize = 8 << 20;

/// A file mapped for reading.
#[derive(Debug)]
pub struct Mapping {
    map: MmapRaw,
    /// Bytes of whole pages.
    size: usize,
    /// Bytes of the file.
    len: usize,
    entering: Once,
    present: AtomicBool,
    watched: &'static Watched,
}

impl Mapping {
    /// Larger files become present as they are read: they may not fit into memory.
    pub const LARGEST_PRESENT: u64 = 1 << 30;

    /// Maps the first `len` bytes of a file; `None` where that is not to be had.
    pub fn new(file: &File, len: u64) -> Option<Self> {
        let len = usize::try_from(len).ok().filter(|len| *len > 0)?;
        let size = len.checked_next_multiple_of(page())?;
        install().filter(|()| is_ours())?;
        // The system maps whole pages, of which the last is filled up with zeros.
        let map = MmapOptions::new().len(len).map_raw_read_only(file).ok()?;
        let watched = Watched::any(map.as_ptr().addr(), size);
        let (entering, present) = (Once::new(), AtomicBool::new(false));
        Some(Self { map, size, len, entering, present, watched })
    }

    /// Lets the system enter all pages at once, some thousands at a time, instead of each when it is
    /// read for the first time. Called before the first is.
    pub fn make_present(&self) {
        if self.len as u64 <= Self::LARGEST_PRESENT {
            self.entering.call_once(|| self.present.store(self.enter_pages(), Relaxed));
        }
    }

    /// Whether it was. Until then, each page that is read for the first time costs more than asking the
    /// system for what is on it.
    #[inline]
    pub fn is_present(&self) -> bool {
        self.present.load(Relaxed)
    }

    #[cfg(target_os = "linux")]
    #[cold]
    fn enter_pages(&self) -> bool {
        // An older system refuses: there the pages are entered as they are read.
        let enter = |at| {
            let advice = memmap2::Advice::PopulateRead;
            self.map.advise_range(advice, at, STEP.min(self.len - at)).is_ok()
        };
        (0..self.len).step_by(STEP).all(enter)
    }

    /// Other systems enter them as they are read.
    #[cfg(not(target_os = "linux"))]
    #[cold]
    fn enter_pages(&self) -> bool {
        false
    }

    /// Copies what begins at `offset` and a bit before, and says where in the copy it begins. What
    /// was not mapped is zeros. `None` where `offset` is beyond what was mapped.
    #[inline]
    pub fn copy(&self, offset: u64, copy: &mut [u8]) -> Option<usize> {
        let offset = usize::try_from(offset).ok().filter(|offset| *offset < self.len)?;
        let first = offset / WORD;
        #[expect(clippy::cast_ptr_alignment, reason = "a mapping begins where a page does")]
        let begin = self.map.as_ptr().cast::<AtomicU64>();
        let (words, _) = copy.as_chunks_mut::<WORD>();
        let some = words.len().min(self.size / WORD - first);
        for (at, word) in words[..some].iter_mut().enumerate() {
            // SAFETY: aligned, as pages are, and within the mapping: `first + some` words are at
            // most its size. Should the file have been cut, the handler puts empty pages here.
            *word = unsafe { &*begin.add(first + at) }.load(Relaxed).to_ne_bytes();
        }
        words[some..].fill([0; WORD]);
        Some(offset % WORD)
    }

    /// Has a processor fetch what begins at `offset`, without waiting for it.
    #[inline]
    pub fn prefetch(&self, offset: u64) {
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            /// Lines are shorter than what is fetched at a time, but may lie across its border.
            const LINE: usize = 60;
            let offset = usize::try_from(offset).unwrap_or(usize::MAX);
            let place = self.map.as_ptr().wrapping_add(offset).cast::<i8>();
            // SAFETY: a hint, which does nothing where it can't be followed, whatever the address.
            unsafe {
                _mm_prefetch(place, _MM_HINT_T0);
                _mm_prefetch(place.wrapping_add(LINE), _MM_HINT_T0);
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = offset;
    }

    /// Whether all that was copied until now was the file's.
    #[inline]
    pub fn is_whole(&self) -> bool {
        // Behind the copies: whoever saw an empty page sees here that there are some.
        fence(Acquire);
        !self.watched.lost.load(Relaxed)
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // Watched no more before another mapping can be at this place.
        self.watched.free();
    }
}

/// A mapping as the handler sees it, which may neither wait nor allocate.
#[derive(Debug)]
struct Watched {
    begin: AtomicUsize,
    size: AtomicUsize,
    lost: AtomicBool,
    /// How often it was taken and freed: what is read of it between two equal numbers belongs together.
    changes: AtomicUsize,
}

const FREE: usize = 0;
/// Nothing is mapped there.
const TAKEN: usize = usize::MAX;

/// Some of them, and where there are more. They stay: as many as there were mappings at one time.
struct Chunk {
    some: [Watched; CHUNK],
    more: OnceLock<Box<Chunk>>,
}

impl Chunk {
    const fn new() -> Self {
        let some = [const {
            Watched {
                begin: AtomicUsize::new(FREE),
                size: AtomicUsize::new(0),
                lost: AtomicBool::new(false),
                changes: AtomicUsize::new(0),
            }
        }; CHUNK];
        Self { some, more: OnceLock::new() }
    }
}

static WATCHED: Chunk = Chunk::new();

impl Watched {
    /// A place for a mapping that begins at an address.
    fn any(begin: usize, size: usize) -> &'static Self {
        let mut chunk = &WATCHED;
        loop {
            if let Some(watched) = chunk.some.iter().find(|watched| watched.take(begin, size)) {
                return watched;
            }
            chunk = chunk.more.get_or_init(|| Box::new(Chunk::new()));
        }
    }

    /// The one whose mapping an address is in, and where that ends. Waits for nobody.
    fn of(address: usize) -> Option<(&'static Self, usize)> {
        let chunks = successors(Some(&WATCHED), |chunk| chunk.more.get().map(|more| &**more));
        let mut all = chunks.flat_map(|chunk| &chunk.some);
        all.find_map(|watched| Some((watched, watched.end(address)?)))
    }

    /// Takes the place for a mapping, if it is free.
    fn take(&self, begin: usize, size: usize) -> bool {
        if self.begin.compare_exchange(FREE, TAKEN, SeqCst, Relaxed).is_err() {
            return false;
        }
        self.changes.fetch_add(1, SeqCst);
        self.size.store(size, SeqCst);
        self.lost.store(false, SeqCst);
        self.begin.store(begin, SeqCst);
        true
    }

    /// Watched no more.
    fn free(&self) {
        self.changes.fetch_add(1, SeqCst);
        self.begin.store(FREE, SeqCst);
    }

    /// Where the mapping ends, if `address` is in it. Not if it changes just now: the mapping that
    /// somebody reads from stays.
    fn end(&self, address: usize) -> Option<usize> {
        let changes = self.changes.load(SeqCst);
        let begin = Some(self.begin.load(SeqCst)).filter(|begin| *begin != FREE)?;
        let end = begin.checked_add(self.size.load(SeqCst))?;
        let same = changes == self.changes.load(SeqCst);
        (same && (begin..end).contains(&address)).then_some(end)
    }
}

/// Who heard of SIGBUS before; `None` where the handler could not be set.
static BEFORE: OnceLock<Option<libc::sigaction>> = OnceLock::new();

/// Sets the handler, once.
fn install() -> Option<()> {
    let before = BEFORE.get_or_init(|| {
        // SAFETY: all zeros is a valid `sigaction`; the handler is of the form that SA_SIGINFO asks
        // for. On the alternate stack, as the handler that may have been set before it.
        unsafe {
            let mut before: libc::sigaction = std::mem::zeroed();
            let mut action: libc::sigaction = std::mem::zeroed();
            let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = on_bus_error;
            action.sa_sigaction = handler as usize;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            libc::sigemptyset(&raw mut action.sa_mask);
            (libc::sigaction(libc::SIGBUS, &raw const action, &raw mut before) == 0)
                .then_some(before)
        }
    });
    before.as_ref().map(|_| ())
}

/// Whether nobody has set another handler since: without ours, nothing may be mapped.
fn is_ours() -> bool {
    // SAFETY: all zeros is a valid `sigaction`; this asks only.
    unsafe {
        let mut now: libc::sigaction = std::mem::zeroed();
        let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = on_bus_error;
        libc::sigaction(libc::SIGBUS, ptr::null(), &raw mut now) == 0
            && now.sa_sigaction == handler as usize
    }
}

/// Puts empty pages from where the file has none up to the end of its mapping. Does nothing that a
/// signal handler may not: no lock, no allocation.
extern "C" fn on_bus_error(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the system hands over a valid `siginfo_t`, and an address with the codes of a fault,
    // which are above 0.
    let (code, address) = unsafe { ((*info).si_code, (*info).si_addr().addr()) };
    let Some((watched, end)) = Watched::of(address).filter(|_| code > 0) else {
        return pass_on(signal, info, context);
    };
    // Said first, so that nobody takes an empty page for the file's.
    watched.lost.store(true, SeqCst);
    let from = address - address % page();
    // SAFETY: only pages of our own mapping are replaced, which is only read from. `errno` is put
    // back, as the thread may be about to look at it.
    unsafe {
        let error = *errno();
        let kind = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
        let place = ptr::without_provenance_mut(from);
        let put = libc::mmap(place, end - from, libc::PROT_READ, kind, -1, 0);
        *errno() = error;
        if put == libc::MAP_FAILED {
            pass_on(signal, info, context);
        }
    }
}

/// Leaves what is not ours to whoever heard of it before.
fn pass_on(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    type Handler = extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void);
    type Simple = extern "C" fn(c_int);
    let before = BEFORE.get().and_then(Option::as_ref);
    // SAFETY: what was set before us is called in the form in which it was set. Without anything,
    // the default is set, and the fault comes again as soon as this returns.
    unsafe {
        // Sent, and not the fault of anybody: it would not come again, and a handler that waits for
        // that would leave the default behind.
        let sent = (*info).si_code <= 0;
        match before.map(|before| before.sa_sigaction) {
            Some(libc::SIG_IGN) if sent => {}
            _ if sent => {
                libc::signal(signal, libc::SIG_DFL);
                libc::raise(signal);
            }
            None | Some(libc::SIG_DFL | libc::SIG_IGN) => {
                libc::signal(signal, libc::SIG_DFL);
            }
            Some(handler) => {
                if before.is_some_and(|before| before.sa_flags & libc::SA_SIGINFO != 0) {
                    let handler: Handler = std::mem::transmute(handler);
                    handler(signal, info, context);
                } else {
                    let handler: Simple = std::mem::transmute(handler);
                    handler(signal);
                }
            }
        }
    }
}

fn page() -> usize {
    static PAGE: AtomicUsize = AtomicUsize::new(0);
    let known = PAGE.load(Relaxed);
    if known != 0 {
        return known;
    }
    // SAFETY: asks for a number. It is known before the handler is set.
    let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096);
    PAGE.store(page, Relaxed);
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::Write as _,
        os::fd::AsRawFd as _,
        os::unix::process::ExitStatusExt as _,
        process::{Command, Stdio},
    };

    const SIZE: u64 = 5000;

    fn file() -> File {
        let mut file = tempfile::tempfile().expect("a temporary file");
        let bytes: Vec<u8> = (0..SIZE).map(|at| b'a' + (at % 26) as u8).collect();
        file.write_all(&bytes).expect("written");
        file
    }

    fn copied(mapping: &Mapping, offset: u64) -> Option<[u8; 8]> {
        let mut copy = [0xFF; 24];
        let begin = mapping.copy(offset, &mut copy)?;
        copy[begin..].first_chunk().copied()
    }

    #[test]
    fn what_is_copied_is_in_the_file_and_zeros_follow_its_end() {
        let mapping = Mapping::new(&file(), SIZE).expect("mapped");
        assert_eq!(copied(&mapping, 0), Some(*b"abcdefgh"));
        assert_eq!(copied(&mapping, 26 * 7 + 3), Some(*b"defghijk"));
        // The last one, 5000 = 26 * 192 + 8.
        assert_eq!(copied(&mapping, SIZE - 3), Some(*b"fgh\0\0\0\0\0"));
        assert_eq!(copied(&mapping, SIZE), None);
        assert_eq!(copied(&mapping, u64::MAX), None);
        mapping.prefetch(u64::MAX);
        assert!(mapping.is_whole());
        assert!(Mapping::new(&file(), 0).is_none());
    }

    #[test]
    fn a_file_that_is_cut_gives_empty_pages_and_says_so() {
        let file = file();
        let mapping = Mapping::new(&file, SIZE).expect("mapped");
        let other = Mapping::new(&file, SIZE).expect("mapped");
        file.set_len(10).expect("cut");
        // On the page that is left.
        assert_eq!(copied(&mapping, 6), Some(*b"ghij\0\0\0\0"));
        assert!(mapping.is_whole());
        assert_eq!(copied(&mapping, 4500), Some([0; 8]));
        assert!(!mapping.is_whole());
        // For good, even when the file is back.
        file.set_len(SIZE).expect("long");
        assert!(!mapping.is_whole() && other.is_whole());
        // Nothing is there to be entered.
        mapping.make_present();
        drop(mapping);
        file.set_len(0).expect("cut");
        assert_eq!(copied(&other, 0), Some([0; 8]));
        assert_eq!(copied(&other, 4999), Some([0; 8]));
        assert!(!other.is_whole());
        // The place of one that was lost is as good as new.
        assert!(Mapping::new(&self::file(), SIZE).expect("mapped").is_whole());
    }

    #[test]
    fn every_one_of_many_mappings_is_watched() {
        let files: Vec<File> = (0..3 * CHUNK).map(|_| file()).collect();
        let map = |file| Mapping::new(file, SIZE).expect("mapped");
        let held: Vec<Mapping> = files.iter().map(map).collect();
        for (file, mapping) in files.iter().zip(&held).rev() {
            assert_eq!(copied(mapping, 0), Some(*b"abcdefgh"));
            file.set_len(0).expect("cut");
            assert_eq!(copied(mapping, 4500), Some([0; 8]));
            assert!(!mapping.is_whole());
        }
        drop(held);
        assert!(Mapping::new(&file(), SIZE).expect("mapped").is_whole());
    }

    /// In a process of its own, which a bus error that is nobody's has to end.
    #[test]
    fn the_bus_errors_of_others_are_theirs() {
        const ALONE: &str = "MOTSCOPE_TEST_BUS_ERROR";
        if std::env::var_os(ALONE).is_none() {
            let path = concat!(module_path!(), "::the_bus_errors_of_others_are_theirs");
            let (_, name) = path.split_once("::").expect("the crate's name goes first");
            let mut child = Command::new(std::env::current_exe().expect("this program"));
            child.args([name, "--exact"]).env(ALONE, "1").stdout(Stdio::null());
            let status = child.stderr(Stdio::null()).status().expect("started");
            assert_eq!(status.signal(), Some(libc::SIGBUS), "{status}");
            return;
        }
        let _mapping = Mapping::new(&file(), SIZE).expect("mapped");
        let file = file();
        // SAFETY: a new mapping; reading it ends this process, which is the point.
        unsafe {
            let (kind, file_number) = (libc::MAP_SHARED, file.as_raw_fd());
            let begin = libc::mmap(ptr::null_mut(), 4096, libc::PROT_READ, kind, file_number, 0);
            file.set_len(0).expect("cut");
            begin.cast::<u8>().read_volatile();
        }
    }
}

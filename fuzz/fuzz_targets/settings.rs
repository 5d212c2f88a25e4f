//! Any text as kept settings: what is read is within what is possible, and reads the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use motscope::inspector::Settings;

fuzz_target!(|text: &str| {
    let Ok((settings, _)) = Settings::read(text) else { return };
    let settings = settings.sane();
    let written = serde_json::to_string(&settings).expect("settings can be written");
    let (again, odd) = Settings::read(&written).expect("what was written can be read");
    assert!(odd.is_empty(), "{odd:?} in {written}");
    assert_eq!(again.sane(), settings);
});

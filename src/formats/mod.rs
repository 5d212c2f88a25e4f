//! Annotation formats. [`lines`] is what those have in common that write a line a box; [`mot`] is the
//! first of them.

pub mod class_lists;
pub mod lines;
pub mod mot;
